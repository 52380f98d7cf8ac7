using Ems.Query;
using Ems.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults("query");
builder.AddQuery();

var app = builder.Build();

app.UseServiceDefaults();
app.MapQuery();

app.Run();
