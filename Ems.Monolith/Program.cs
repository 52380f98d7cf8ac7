using Ems.Analytics;
using Ems.Gateway;
using Ems.Ingestion;
using Ems.Notifications;
using Ems.Query;
using Ems.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults("monolith");
builder.AddIngestion();
builder.AddAnalytics();
builder.AddQuery();
builder.AddNotifications();
builder.AddGateway();

var app = builder.Build();

app.UseServiceDefaults();
app.MapIngestion();
app.MapAnalytics();
app.MapQuery();
app.MapNotifications();
app.MapGateway();

app.Run();
