using Ems.Analytics;
using Ems.Gateway;
using Ems.Ingestion;
using Ems.Monolith.Legacy;
using Ems.Monolith.Moving;
using Ems.Notifications;
using Ems.Query;
using Ems.SamplePlant;
using Ems.ServiceDefaults;

await MoveCommand.RunIfAskedForAsync(args);
var (plant, others) = PlantFlags.Take(args);
var builder = WebApplication.CreateBuilder(others);

builder.AddServiceDefaults("monolith", 8000, 5004);
builder.AddIngestion().AddAnalytics().AddQuery().AddNotifications().AddInProcessGateway().AddSamplePlant(plant);

var app = builder.Build();

app.UseServiceDefaults(beforeRouting: web => web.UseLegacyRoutes().UseInProcessRoutes());
app.MapIngestion().MapAnalytics().MapQuery().MapNotifications().MapGateway();
app.MapLegacyRoutes();

app.Run();
