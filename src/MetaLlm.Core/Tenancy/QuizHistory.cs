using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Tenancy;

/// <summary>Which quizzes each arm has had, by arm id; arms that leave are forgotten with what was learned of them.</summary>
internal sealed class QuizHistory
{
    private readonly SortedDictionary<string, (int Rows, List<string> Digests)> _arms = new(StringComparer.Ordinal);

    /// <summary>Rows of all of an arm's quizzes.</summary>
    public int Rows(string arm) => _arms.TryGetValue(arm, out var taken) ? taken.Rows : 0;

    /// <summary>Whether an arm has had a quiz.</summary>
    public bool Has(string arm, string digest) => _arms.TryGetValue(arm, out var taken) && taken.Digests.Contains(digest);

    public void Add(string arm, string digest, int rows)
    {
        var (before, digests) = _arms.TryGetValue(arm, out var taken) ? taken : (0, []);
        digests.Add(digest);
        _arms[arm] = (before + rows, digests);
    }

    /// <summary>An arm has another id from now on.</summary>
    public void Rename(string from, string to)
    {
        if (_arms.Remove(from, out var taken))
        {
            _arms[to] = taken;
        }
    }

    public void Keep(IReadOnlyCollection<string> arms)
    {
        foreach (var gone in _arms.Keys.Except(arms, StringComparer.Ordinal).ToArray())
        {
            _arms.Remove(gone);
        }
    }

    public void Clear() => _arms.Clear();

    public void Write(StateWriter writer)
    {
        writer.Section("quizzes");
        writer.Int(_arms.Count);
        foreach (var (arm, (rows, digests)) in _arms)
        {
            writer.Text(arm);
            writer.Int(rows);
            writer.Int(digests.Count);
            foreach (var digest in digests)
            {
                writer.Text(digest);
            }
        }
    }

    public void Read(ref StateReader reader)
    {
        reader.Expect("quizzes");
        _arms.Clear();
        var arms = reader.Int();
        for (var a = 0; a < arms; a++)
        {
            var arm = reader.Text();
            var rows = reader.Int();
            var count = reader.Int();
            var digests = new List<string>();
            for (var i = 0; i < count; i++)
            {
                digests.Add(reader.Text());
            }

            _arms[arm] = (rows, digests);
        }
    }
}
