using Ems.SamplePlant;
using Ems.ServiceDefaults;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

var (flags, others) = PlantFlags.Take(args);
if (!flags.Any)
{
    Console.Error.WriteLine("Say --load-data, --simulate or both. It goes to the Ems on http://localhost:8000, with the key in Ems__AdminKey.");
    return 2;
}

var builder = Host.CreateApplicationBuilder(others);

StartFaults.SayInOneLine(builder.Logging);
builder.Logging.AddFilter("Microsoft.Hosting", LogLevel.Warning);
builder.AddSamplePlant(flags);

await builder.Build().RunAsync();
return Environment.ExitCode;
