using Ems.Gateway;
using Ems.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults("gateway");
builder.AddGateway();

var app = builder.Build();

app.UseServiceDefaults();
app.MapGateway();

app.Run();
