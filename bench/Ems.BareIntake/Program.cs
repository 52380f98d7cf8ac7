using Ems.BareIntake;

// The reference of live readings: the same JSON into SQLite with the same pragmas, one transaction per request, and nothing else.
var builder = WebApplication.CreateBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
using var store = new BareStore(builder.Configuration["file"]!);
var app = builder.Build();
app.MapGet("/health", () => "healthy");
app.MapPost("/readings", (BareReading[] readings) => new Answer(store.Insert(readings)));
app.Run();

internal sealed record Answer(int Accepted);
