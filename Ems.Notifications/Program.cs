using Ems.Notifications;
using Ems.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults("notifications", 8004);
builder.AddNotifications();

var app = builder.Build();

app.UseServiceDefaults();
app.MapNotifications();

app.Run();
