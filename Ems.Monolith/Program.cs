using Ems.Analytics;
using Ems.Gateway;
using Ems.Ingestion;
using Ems.Monolith.Legacy;
using Ems.Notifications;
using Ems.Query;
using Ems.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults("monolith", 8000, 5004);
builder.AddIngestion().AddAnalytics().AddQuery().AddNotifications().AddInProcessGateway();

var app = builder.Build();

app.UseServiceDefaults(beforeRouting: web => web.UseLegacyRoutes().UseInProcessRoutes());
app.MapIngestion();
app.MapAnalytics();
app.MapQuery();
app.MapNotifications();
app.MapGateway();
app.MapLegacyRoutes();

app.Run();
