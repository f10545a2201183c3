using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Tenancy;

/// <summary>How much the rewards of each end user count, so that nobody who asks all day outweighs everybody else.</summary>
/// <remarks>
/// The n-th decision of a user in a day counts 1 while n is at most h, half of what is admitted, and (h / n)^2 beyond. The sum over all n stays below 2 h, however many
/// there are: the tail is less than h^2 times the integral of 1 / n^2 from h. A weight belongs to the decision, so that a corrected reward keeps it.
/// </remarks>
internal sealed class UserWeights
{
    public const double Least = 1;
    public const double Most = 1e6;

    /// <summary>Users of a day who are told apart; further ones count in full. Twelve bytes each, about a megabyte with the table.</summary>
    public const int MostUsers = 65_536;

    private readonly Dictionary<ulong, int> _decisions = [];
    private long _day;

    /// <summary>Whether nothing was counted.</summary>
    public bool IsEmpty => _decisions.Count == 0;

    /// <summary>Forgets everybody.</summary>
    public void Clear() => _decisions.Clear();

    /// <summary>The weight that the next decision of a user gets. Changes nothing.</summary>
    /// <param name="user">The user's hash; 0, nobody known, counts in full.</param>
    /// <param name="at">When.</param>
    /// <param name="most">Most that the user's rewards may count in a day.</param>
    public double Next(ulong user, DateTimeOffset at, double most)
    {
        var n = 1 + (DayOf(at) > _day ? 0 : _decisions.GetValueOrDefault(user));
        var half = most / 2;
        return user == 0 || n <= half ? 1 : half / n * (half / n);
    }

    /// <summary>Counts a decision.</summary>
    /// <param name="user">The user's hash; 0 is not counted.</param>
    /// <param name="at">When.</param>
    public void Count(ulong user, DateTimeOffset at)
    {
        // A clock that goes back opens no day anew.
        if (DayOf(at) is var day && day > _day)
        {
            _day = day;
            _decisions.Clear();
        }

        if (user != 0 && (_decisions.Count < MostUsers || _decisions.ContainsKey(user)))
        {
            _decisions[user] = _decisions.GetValueOrDefault(user) + 1;
        }
    }

    /// <summary>Writes the counts.</summary>
    public void Write(StateWriter writer)
    {
        writer.Long(_day);
        writer.Int(_decisions.Count);
        foreach (var (user, count) in _decisions.OrderBy(entry => entry.Key))
        {
            writer.Long(unchecked((long)user));
            writer.Int(count);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public void Read(ref StateReader reader)
    {
        _decisions.Clear();
        _day = reader.Long();
        for (var left = reader.Int(); left > 0; left--)
        {
            var user = unchecked((ulong)reader.Long());
            _decisions[user] = reader.Int();
        }
    }

    private static long DayOf(DateTimeOffset at) => at.UtcTicks / TimeSpan.TicksPerDay;
}
