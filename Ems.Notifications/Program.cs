using Ems.Notifications;
using Ems.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults("notifications");
builder.AddNotifications();

var app = builder.Build();

app.UseServiceDefaults();
app.MapNotifications();

app.Run();
