using Ems.Ingestion;
using Ems.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults("ingestion", 8001);
builder.AddIngestion();

var app = builder.Build();

app.UseServiceDefaults();
app.MapIngestion();

app.Run();
