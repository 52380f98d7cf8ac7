using Ems.Core.Storage;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Checks;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Meters;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Profiles;
using Ems.Ingestion.Readings;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Ems.Ingestion.Imports.Previews;

/// <summary>Reads the first rows of a file as an import would, and stores nothing.</summary>
internal sealed class ImportPreview(ImportRequests requests, ImportedMeters meters, MeterChecks checks, FileZones zones, SpoolFolder spool)
{
    private const int MaxReadings = 20;
    private const int MaxProblems = 100;

    public async Task<(PreviewView? Preview, ProblemHttpResult? Problem)> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var name = Guid.NewGuid().ToString("N");
        try
        {
            var (terms, problem) = await requests.ReadAsync(request, name, cancellationToken);
            if (problem is not null)
            {
                return (null, problem);
            }

            var (view, facts) = await Task.Run(() => LookAsync(terms!, name, cancellationToken), cancellationToken);
            var refused = await checks.FaultsOfAsync(facts.Meters, terms!.Form.Site, cancellationToken);
            var units = await checks.FaultsOfUnitsAsync(facts.Mapping, facts.Meters, cancellationToken);
            var profiles = await checks.FaultsOfProfileAsync(terms.Profile, terms.Form, facts, cancellationToken);
            return (view with { Problems = [.. refused.Concat(units).Concat(profiles).Concat(view.Problems).Take(MaxProblems)] }, null);
        }
        catch (ImportFaultException fault)
        {
            return (null, ImportProblems.Of([fault.Fault]));
        }
        finally
        {
            spool.Delete(name);
        }
    }

    private async Task<(PreviewView View, FileFacts Facts)> LookAsync(ImportTerms terms, string name, CancellationToken cancellationToken)
    {
        var sample = SampledFile.Take(spool.Upload(name, terms.FileName));
        var proposal = await MappingProposal.FindAsync(
            sample, terms.Form, await meters.ListAsync(terms.Form, cancellationToken), FindZoneAsync, spool.RowsPath(name), cancellationToken);
        var (zone, assumed, open) = proposal.Zone;
        proposal = proposal with { Facts = await meters.CompleteAsync(proposal.Facts, zone, cancellationToken) };
        var problems = new List<ImportFault>(open is null ? proposal.Open : [.. proposal.Open, open]);
        var readings = new List<PreviewReading>();
        IEnumerable<ImportedReading> Read(SheetFacts sheet) =>
            new ReadingStream(sheet, spool.RowsPath(name), spool.StagingPath(name), zone, proposal.Facts.Delivered).Read(cancellationToken);

        var contradictions = SheetContradictions.Find(proposal.Facts.Sheets, Read, spool.SheetsPath(name));
        foreach (var sheet in proposal.Facts.Sheets)
        {
            foreach (var reading in contradictions.Without(sheet, Read(sheet)))
            {
                problems.AddRange(reading.Faults.Take(MaxProblems - problems.Count));
                readings.AddRange(reading.Parts.Take(MaxReadings - readings.Count).Select(part => PreviewReading.Of(part, zone)));
            }
        }

        async Task<FileZone> FindZoneAsync(FileScan scan, ImportForm guessed)
        {
            await meters.TellAsync(scan, terms.FileName, guessed, cancellationToken);
            return await zones.FindAsync(terms.TimeZone, terms.Form, scan, cancellationToken);
        }

        var mapping = proposal.Mapping;
        foreach (var overwriting in await checks.FaultsOfOverwritingAsync(terms.FileName, terms.Form, proposal.Facts, zone, Read, cancellationToken))
        {
            problems.Add(overwriting);
            mapping = mapping.WithMeters(overwriting.Guess!.Equipment);
        }

        foreach (var carrier in await checks.FaultsOfCarriersAsync(terms.FileName, terms.Form, proposal.Facts, cancellationToken))
        {
            problems.Add(carrier);
            mapping = mapping.WithMeters(carrier.Guess!.Equipment);
        }

        foreach (var continued in await checks.FaultsOfContinuedAsync(terms.Form, proposal.Facts, Read, cancellationToken))
        {
            problems.Add(continued);
            mapping = mapping.With(continued.Guess!);
        }

        var view = new PreviewView(
            terms.FileName, terms.Profile, HeaderFingerprint.Of(proposal.Facts.Sheets[0].Layout), mapping, readings, problems,
            [
                .. terms.Assumptions, .. assumed is null ? (ImportAssumption[])[] : [assumed], .. proposal.Facts.Assumptions,
                .. await meters.AssumeSiteAsync(proposal.Facts.Meters, terms.Form, zone, cancellationToken),
                .. await meters.AssumeMultipliersAsync(proposal.Facts.Meters, cancellationToken),
                .. await checks.AssumeSharedAsync(terms.FileName, terms.Form, proposal.Facts, cancellationToken),
                .. await checks.AssumeCarriersAsync(proposal.Facts, cancellationToken),
            ],
            proposal.Facts.Gaps, sample.RowCount, sample.IsCut);
        return (view, proposal.Facts);
    }
}

/// <summary>What would become of a file. Nothing of it is stored.</summary>
/// <param name="Profile">The remembered mapping that the file was read by.</param>
/// <param name="Fingerprint">Of the headers: a profile with it is found again by them.</param>
/// <param name="Mapping">What the columns were taken for. It can be corrected and sent with the import, as the field mapping.</param>
/// <param name="Rows">The first readings as they would be stored, in the metrics' own units.</param>
/// <param name="Problems">What an import of these rows would refuse or ask.</param>
/// <param name="Gaps">Cells without a value, by what stands in them.</param>
/// <param name="RowsLookedAt">Rows of the file that this rests on, its headers among them.</param>
/// <param name="HasMore">Whether the file goes on after them.</param>
internal sealed record PreviewView(
    string FileName, string? Profile, string Fingerprint, ImportMapping Mapping, IReadOnlyList<PreviewReading> Rows, IReadOnlyList<ImportFault> Problems,
    IReadOnlyList<ImportAssumption> Assumptions, IReadOnlyDictionary<string, long> Gaps, int RowsLookedAt, bool HasMore);

/// <param name="Timestamp">Start of the interval, or the instant, in the zone of the file's local times.</param>
/// <param name="DurationSeconds">0 for an instant.</param>
internal sealed record PreviewReading(
    string EquipmentId, DateTimeOffset Timestamp, double DurationSeconds, IReadOnlyDictionary<string, double> Values, IReadOnlyList<string> Flags)
{
    public static PreviewReading Of(Reading reading, DateTimeZone zone) => new(
        reading.EquipmentId, reading.Start.InZone(zone).ToDateTimeOffset(), reading.Length.TotalSeconds,
        reading.Values.ToDictionary(value => value.Metric, value => value.Value), FlagNames.Of(reading.Flags));
}
