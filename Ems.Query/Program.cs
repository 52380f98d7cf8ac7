using Ems.Query;
using Ems.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults("query", 8003);
builder.AddQuery();

var app = builder.Build();

app.UseServiceDefaults();
app.MapQuery();

app.Run();
