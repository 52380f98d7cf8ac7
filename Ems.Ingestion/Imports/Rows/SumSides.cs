namespace Ems.Ingestion.Imports.Rows;

/// <summary>On which side of the sums of others numbers are that are nearly those: roundings have both signs, and what is lost on the way to other meters has one.</summary>
internal sealed class SumSides
{
    // Of very many roundings each sign has no small share.
    private const int FewestRounded = 5;
    private const int LeastShare = 10;

    // Of fewer, some have the same sign by chance, but not nearly all rows.
    private const int FewestLosses = 3;

    private long _above;
    private long _below;
    private long _rows;

    public bool AreLosses => _above + _below is var off && Math.Min(_above, _below) is var fewer
        && (off >= FewestRounded ? fewer * LeastShare < off : off >= FewestLosses && fewer == 0 && off * 4 >= _rows * 3);

    /// <param name="exact">By how much a number is off that is the sum.</param>
    public void Note(double off, double exact)
    {
        _rows++;
        _above += off > exact ? 1 : 0;
        _below += off < -exact ? 1 : 0;
    }
}
