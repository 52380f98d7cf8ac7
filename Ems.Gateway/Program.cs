using Ems.Gateway;
using Ems.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults("gateway", 8000);
builder.AddGateway();

var app = builder.Build();

app.UseServiceDefaults();
app.MapGateway();

app.Run();
