using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;

namespace Ems.Ingestion.Imports.Checks;

/// <summary>
/// Recognises columns that are sums of other meters of their metric: one of all the others, and each that is headed as a total of those before
/// or behind it. What a total equals is no meter beside them, unless the sender says that it is one.
/// </summary>
internal sealed class TotalColumns
{
    private readonly IReadOnlyList<ValueColumn> _columns;
    private readonly Group[] _groups;

    // What is used is what flows in and is made, be it less what flows out.
    private readonly Group[] _balances;

    public TotalColumns(IReadOnlyList<ValueColumn> columns)
    {
        _columns = columns;
        var metrics = columns.Select((column, index) => (column, index))
            .Where(entry => entry.column.EquipmentId is not null || entry.column.Part is not null)
            .GroupBy(entry => entry.column.Metric)
            .Select(group => group.Select(entry => entry.index).ToArray()).ToList();
        _groups = [.. metrics.Where(MayHaveSum).Select(group => GroupOf(group))];
        _balances = [.. metrics.Where(group => group.Length >= 3 && group.Any(index => columns[index].IsExport)).Select(group => (All: group, Inward: group.Where(index => !columns[index].IsExport).ToArray()))
            .Where(group => !group.Inward.Any(index => Directions.NameNoConsumption(columns[index].Header)))
            .SelectMany(group => MayHaveSum(group.Inward) ? (int[][])[group.All, group.Inward] : [group.All]).Select(group => GroupOf(group, isBalance: true))];
    }

    // Of what is made, used and given away, any may be the sum of the others, where none is headed so.
    private bool MayHaveSum(int[] group) =>
        group.Any(IsHeadedSo) ? group.Length >= 2 : group.Length >= 3 && !group.Any(index => Directions.NameNoConsumption(_columns[index].Header));

    private Group GroupOf(int[] group, bool isBalance = false) =>
        new(group, [.. group.Select(IsHeadedSo)], [.. group.Select(index => _columns[index].IsMeterTold || (isBalance && !MayBeAll(index)))], isBalance);

    // Any part of a balance is what the others come to; only what is all that is used or flows in has them in it.
    private bool MayBeAll(int index) => IsHeadedSo(index) || (!_columns[index].IsExport && Directions.MayBeAllUsed(_columns[index]));

    /// <param name="numbers">Of one row; null where a column has none.</param>
    public void Note(double?[] numbers)
    {
        foreach (var group in _groups)
        {
            group.Note(numbers);
        }

        if (_balances.Length > 0)
        {
            double?[] signed = [.. numbers.Select((number, i) => number is { } there && _columns[i].IsExport ? -Math.Abs(there) : number)];
            Array.ForEach(_balances, group => group.Note(signed));
        }
    }

    /// <summary>Positions of the sums, each with why it is one.</summary>
    public IReadOnlyDictionary<int, string> Find()
    {
        var sums = _groups.SelectMany(group => group.Find()).ToList();
        var metrics = sums.Select(found => _columns[found.Column].Metric).ToHashSet();
        // A sum less one of its parts is the other part.
        return sums.Concat(_balances.SelectMany(group => group.Find()).Where(found => !metrics.Contains(_columns[found.Column].Metric))).DistinctBy(found => found.Column).ToDictionary(
            found => found.Column,
            found => found.Parts is var (first, last)
                ? $"it is the sum of the columns {_columns[first].Header} to {_columns[last].Header}"
                : "it is the sum of the other columns");
    }

    private bool IsHeadedSo(int index) => PartNames.HaveSum(_columns[index].Header);

    /// <summary>How often a number was a sum of others.</summary>
    private sealed class Matches
    {
        private const double Tolerance = 1e-5;
        private const double MatchingShare = 0.99;

        // Of numbers of one digit anything would be a sum.
        private const double MostRounding = 0.02;

        private readonly SumSides _sides = new();
        private long _rows;
        private long _matching;

        public bool AreClear => _rows >= 2 && _matching >= MatchingShare * _rows && !_sides.AreLosses;

        /// <param name="rounding">By how much numbers may be off that are rounded one by one.</param>
        public void Note(double? number, double sum, double all, double rounding = 0)
        {
            if (all != 0 && number is { } there)
            {
                _rows++;
                if (Math.Abs(there - sum) > Math.Max(Tolerance, Math.Min(MostRounding, rounding / Math.Abs(all))) * Math.Abs(all))
                {
                    return;
                }

                _matching++;
                _sides.Note(there - sum, Tolerance * Math.Abs(all), rounding);
            }
        }
    }

    /// <summary>Columns of one metric.</summary>
    private sealed class Group
    {
        // Of groups within groups, no more are looked through than anybody nests.
        private const int MostStarts = 64;
        private const int FirstStarts = 3;
        private const double FinestScale = 1e6;
        private const double Exactly = 1e-9;

        private readonly int[] _columns;
        private readonly bool[] _isHeadedSo;
        private readonly bool[] _isKept;
        private readonly bool[] _haveAny;
        private readonly bool _isBalance;
        private readonly Matches[] _ofAll;
        private readonly Matches[] _ofOthers;
        private readonly List<(int Total, int First, int End, Matches Matches)> _ofSome = [];

        // Up to each of them, what those count that are not headed as totals.
        private readonly double[] _sums;

        public Group(int[] columns, bool[] isHeadedSo, bool[] isKept, bool isBalance)
        {
            (_columns, _isHeadedSo, _isKept, _isBalance, _haveAny) = (columns, isHeadedSo, isKept, isBalance, new bool[columns.Length]);
            _ofAll = [.. columns.Select(_ => new Matches())];
            _ofOthers = [.. columns.Select(_ => new Matches())];
            _sums = new double[columns.Length + 1];
            var parts = new int[columns.Length + 1];
            for (var i = 0; i < columns.Length; i++)
            {
                parts[i + 1] = parts[i] + (isHeadedSo[i] ? 0 : 1);
            }

            var totals = Enumerable.Range(0, columns.Length).Where(i => isHeadedSo[i]).ToList();
            for (var i = 0; i < totals.Count; i++)
            {
                var (at, before, next) = (totals[i], i == 0 ? -1 : totals[i - 1], i + 1 < totals.Count ? totals[i + 1] : columns.Length);
                var starts = Enumerable.Range(before + 1, at - before - 1).Concat(totals.Take(i).TakeLast(MostStarts).Select(total => total + 1)).Concat(Enumerable.Range(0, FirstStarts));
                _ofSome.AddRange(starts.Distinct().Where(first => first < at && parts[at] - parts[first] >= 2).Order().Select(first => (at, first, at, new Matches())));
                if (parts[next] - parts[at + 1] >= 2)
                {
                    _ofSome.Add((at, at + 1, next, new Matches()));
                }
            }
        }

        public void Note(double?[] numbers)
        {
            var all = 0.0;
            var step = _isBalance || Array.Exists(_isHeadedSo, isHeadedSo => isHeadedSo) ? StepOf(numbers) : 0;
            for (var i = 0; i < _columns.Length; i++)
            {
                var number = numbers[_columns[i]] ?? 0;
                all += number;
                _haveAny[i] |= number != 0;
                _sums[i + 1] = _sums[i] + (_isHeadedSo[i] ? 0 : number);
            }

            for (var i = 0; i < _columns.Length; i++)
            {
                var number = numbers[_columns[i]];
                _ofAll[i].Note(number, all - (number ?? 0), all, _isBalance || _isHeadedSo[i] ? RoundingOf(_columns.Length, step) : 0);
                _ofOthers[i].Note(_isHeadedSo[i] ? null : number, _sums[^1] - (number ?? 0), _sums[^1]);
            }

            foreach (var (total, first, end, matches) in _ofSome)
            {
                var (number, sum) = (numbers[_columns[total]], _sums[end] - _sums[first]);
                matches.Note(number, sum, Math.Abs(number ?? 0) + Math.Abs(sum), RoundingOf(end - first + 1, step));
            }
        }

        /// <summary>What the last digits of a row stand for.</summary>
        private double StepOf(double?[] numbers)
        {
            var scale = 1.0;
            foreach (var column in _columns)
            {
                while (scale < FinestScale && numbers[column] is { } number && Math.Abs((number * scale) - Math.Round(number * scale)) > Exactly * scale)
                {
                    scale *= 10;
                }
            }

            return scale < FinestScale ? 1 / scale : 0;
        }

        /// <summary>Thrice as much as the roundings of so many numbers are off together.</summary>
        private static double RoundingOf(int count, double step) => 3 * step * Math.Sqrt(count / 12.0);

        /// <returns>With the first and the last column that a total of some is the sum of.</returns>
        public IEnumerable<(int Column, (int First, int Last)? Parts)> Find()
        {
            if (BestOf(_ofAll) is { } whole)
            {
                return [(_columns[whole], null)];
            }

            var some = _ofSome.Where(one => !_isKept[one.Total] && one.Matches.AreClear && HaveSeveral(one.First, one.End, one.Total)).DistinctBy(one => one.Total)
                .Select(one => (_columns[one.Total], ((int, int)?)(_columns[FirstIn(one.First)], _columns[LastBefore(one.End)]))).ToList();
            return some.Count > 0 && BestOf(_ofOthers) is { } other ? some.Append((_columns[other], null)) : some;
        }

        private int? BestOf(Matches[] matches)
        {
            var clear = Enumerable.Range(0, _columns.Length).Where(i => matches[i].AreClear).ToList();
            // Of a balance, equal columns may each be all of it.
            return _isBalance && clear.Count > 1 ? null : clear.Where(i => !_isKept[i] && HaveSeveral(0, _columns.Length, i)).Cast<int?>().MaxBy(i => (_isHeadedSo[i!.Value], i));
        }

        /// <summary>Whether a sum has more than one part: while nothing flows out, what flows in may be what one meter counts.</summary>
        private bool HaveSeveral(int first, int end, int sum) => !_isBalance || Enumerable.Range(first, end - first).Count(i => i != sum && _haveAny[i]) > 1;

        private int FirstIn(int first) => Enumerable.Range(first, _columns.Length - first).First(i => !_isHeadedSo[i]);

        private int LastBefore(int end) => Enumerable.Range(0, end).Last(i => !_isHeadedSo[i]);
    }
}
