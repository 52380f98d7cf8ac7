using Ems.Analytics;
using Ems.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults("analytics", 8002);
builder.AddAnalytics();

var app = builder.Build();

app.UseServiceDefaults();
app.MapAnalytics();

app.Run();
