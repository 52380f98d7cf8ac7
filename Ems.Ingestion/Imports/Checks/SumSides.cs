namespace Ems.Ingestion.Imports.Checks;

/// <summary>
/// On which side of the sums of others numbers are that are nearly those: roundings have both signs, or are small where all digits behind the
/// last one are cut off, and what is lost on the way to other meters has one, in most rows, and is more.
/// </summary>
internal sealed class SumSides
{
    // Of very many roundings each sign has no small share; some have the same one by chance.
    private const int FewestRounded = 5;
    private const int LeastShare = 10;
    private const int FewestLosses = 3;

    private long _above;
    private long _below;
    private long _far;
    private long _rows;

    public bool AreLosses => _above + _below is var off && Math.Min(_above, _below) is var fewer && off * 3 >= _rows * 2 && _far * 2 >= off
        && (off >= FewestRounded ? fewer * LeastShare < off : off >= FewestLosses && fewer == 0);

    /// <param name="exact">By how much a number is off that is the sum.</param>
    /// <param name="rounding">By how much it may be off when all are rounded one by one; 0 when they are not.</param>
    public void Note(double off, double exact, double rounding)
    {
        _rows++;
        _above += off > exact ? 1 : 0;
        _below += off < -exact ? 1 : 0;
        _far += Math.Abs(off) > Math.Max(exact, rounding / 2) ? 1 : 0;
    }
}
