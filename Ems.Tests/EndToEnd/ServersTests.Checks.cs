using System.Net;
using System.Text.Json;
using Ems.Tests.Functional;

namespace Ems.Tests.EndToEnd;

/// <summary>What the tests do and look at.</summary>
public sealed partial class ServersTests
{
    private static Task StayAsync(double seconds) =>
        Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System, Cancel);

    /// <summary>Fields of the upload. Of a single column the file does not say whose it is.</summary>
    private static IEnumerable<(string Name, string Value)> FieldsOf(GeneratedMeters file) =>
        file.Meters == 1 ? [("timestamp_label", "start"), ("equipment_id", file.EquipmentIds[0])] : [("timestamp_label", "start")];

    /// <summary>The id of the job; what is refused because a service is not there is sent again.</summary>
    private async Task<string> SubmitAsync(GeneratedMeters file)
    {
        JsonElement job = default;
        await Eventually.HoldsAsync(
            async () =>
            {
                using var answer = await _system.Api.UploadAsync($"{file.Prefix}.csv", file.ToCsv(), wait: false, FieldsOf(file));
                if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
                {
                    Assert.NotNull(answer.Headers.RetryAfter);
                    return false;
                }

                job = await answer.JsonAsync(expectedStatus: 202);
                return true;
            },
            Limit, () => _system.Output);
        return job.Text("id");
    }

    private async Task EndAsync(GeneratedMeters file, string job)
    {
        var ended = await _system.Api.EndedJobAsync(job);
        Assert.True(ended.Text("state") == "completed", ended.GetRawText());
        Assert.Equal((file.Rows, file.Readings), (ended.Count("rows_read"), ended.Count("rows_stored")));
        Assert.Equal((0, 0, 0), (ended.Count("rows_duplicate"), ended.Count("rows_changed"), ended.Count("rows_rejected")));
    }

    /// <summary>Every value is stored, and each of its events had one effect at both consumers.</summary>
    private async Task CheckAsync(EffectRecorder recorder, LiveTraffic? traffic, params GeneratedMeters[] files)
    {
        var readings = new Dictionary<string, int>(traffic is null ? new Dictionary<string, int>() : await traffic.CheckStoredAsync(_system.Api));
        foreach (var file in files)
        {
            await file.CheckStoredAsync(_system.Api);
            file.EquipmentIds.ToList().ForEach(id => readings.Add(id, file.Rows));
        }

        foreach (var (equipment, count) in readings)
        {
            await recorder.CheckOnceAsync(equipment, count);
            await DetectedAsync(equipment, count);
        }
    }

    /// <summary>Analytics was told of each of the readings once.</summary>
    private async Task DetectedAsync(string equipment, int readings)
    {
        long arrived = 0;
        await Eventually.HoldsAsync(
            async () =>
            {
                var received = (await _system.Api.JsonAsync("/api/v1/analytics/summary")).GetProperty("received").GetProperty("equipment").EnumerateArray()
                    .Where(one => one.Text("equipment_id") == equipment).ToList();
                arrived = received.Count == 0 ? 0 : received[0].GetProperty("readings").GetInt64();
                return arrived >= readings;
            },
            Limit, () => $"{arrived} of {readings} readings of {equipment} arrived.\n{_system.Output}");
        Assert.Equal(readings, arrived);
    }

    private async Task<IReadOnlyList<string>> ParkedAsync(Func<IReadOnlyList<string>, bool> fits)
    {
        List<string> parked = [];
        await Eventually.HoldsAsync(
            async () => fits(parked = [.. (await _system.Api.JsonAsync("/api/v1/parked")).GetProperty("parked").EnumerateArray().Select(one => one.Text("id"))]),
            Limit, () => $"{string.Join(", ", parked)}\n{_system.Output}");
        return parked;
    }
}
