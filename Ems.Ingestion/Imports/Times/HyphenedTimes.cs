using Ems.Ingestion.Files;

namespace Ems.Ingestion.Imports.Times;

/// <summary>Tells what hyphens behind hours part from these in all times of a sheet: minutes (<c>13-45</c>), or the next hours (<c>13-14</c>).</summary>
internal sealed class HyphenedTimes
{
    private static readonly TimeSpan LastHour = TimeSpan.FromHours(23);

    private WrittenTime? _other;
    private bool _areNext;
    private bool _areWhole = true;
    private bool _areMinutes;

    public void Note(in WrittenTime time)
    {
        // 23-00 begins at 23:00 either way.
        if (!time.IsHyphened || time.OfDay == LastHour)
        {
            return;
        }

        _areNext |= time.IsRange;
        _areMinutes |= time.OfDay.Minutes > LastHour.Hours + 1;
        _areWhole &= time.OfDay.Minutes == 0;
        _other = time.IsRange ? _other : time;
    }

    /// <exception cref="ImportFaultException">They may be the ends of longer ranges.</exception>
    public bool AreMinutes(TimeColumns columns, string sheet, int headerRow)
    {
        if (_areMinutes || (_other is not null && _areWhole && !_areNext))
        {
            return true;
        }

        if (_other is not { OfDay: var time })
        {
            return false;
        }

        throw new ImportFaultException(new ImportFault(
            ImportFault.AmbiguousMapping,
            $"{time.Hours:00}-{time.Minutes:00} in the column {columns.Header} may be an hour and its minutes, or two hours. Write it as {time.Hours:00}:{time.Minutes:00}, or as {time.Hours:00}:00-{time.Minutes:00}:00.",
            sheet, headerRow, columns.Header));
    }
}
