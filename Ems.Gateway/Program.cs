using Ems.Gateway;
using Ems.Gateway.Limits;
using Ems.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults("gateway", 8000);
builder.AddGateway();

var app = builder.Build();

app.UseServiceDefaults(beforeRouting: web => web.UseRequestLimit());
app.MapGateway();

app.Run();
