// The reference of the start: what an ASP.NET Core program costs that does nothing.
var app = WebApplication.CreateBuilder(args).Build();
app.MapGet("/health", () => "healthy");
app.Run();
