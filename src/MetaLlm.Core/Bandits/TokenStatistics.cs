using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Bandits;

/// <summary>What a <see cref="TokenModel"/> knows of one arm.</summary>
/// <param name="level">ln of the expected output tokens at x = 0.</param>
internal sealed class TokenStatistics(double level)
{
    private const int OldLength = 15;
    private const int Length = OldLength + 5;
    private const int HitsLength = Length + 2;

    /// <summary>How many times as much as the configuration expects is unusual, so that it takes more than one report to be believed.</summary>
    public const double Unusual = 64;

    // What lies this many times above what the configuration expects is doubted: once reports cease, or are all far shorter.
    private const double Doubted = 10;

    private readonly double _priorLevel = level;
    private double _reportedHours;

    public double Level
    {
        get;
        set
        {
            field = value;
            LevelFactor = Math.Exp(Math.Clamp(value, -40, 40));
        }
    } = level;

    /// <summary>exp(Level), kept so that a decision need not compute it.</summary>
    public double LevelFactor { get; private set; } = Math.Exp(Math.Clamp(level, -40, 40));

    /// <summary>Output tokens that the configuration expects.</summary>
    public double Expected { get; } = Math.Exp(Math.Clamp(level, -40, 40));

    /// <summary>ln of the output tokens from which on they are unusual.</summary>
    public double UnusualLog { get; } = level + Math.Log(Unusual);

    /// <summary>ln of the output tokens from which on they are doubted when later reports are far shorter.</summary>
    public double DoubtedLog { get; } = level + Math.Log(Doubted);

    /// <summary>How far observation has moved the level from what the configuration expected.</summary>
    public double Surprise => Level - _priorLevel;

    public double LevelCalls { get; set; }

    /// <summary>Own slopes from a warm start; null when the shared ones are used.</summary>
    public double[]? Slopes { get; set; }

    public double Smear { get; set; } = 1;

    public double Smallest { get; set; }

    public double Largest { get; set; }

    public double Mean { get; set; }

    public double Calls { get; set; }

    public double RatioCalls { get; set; }

    public double Actual { get; set; }

    public double Predicted { get; set; }

    public InputStatistics Input { get; } = new();

    public Surprises Surprises { get; } = new();

    /// <summary>
    /// What is left of a prediction. Beyond ten times what is expected without any report it loses half with every hour since the last report but the first: an arm whose
    /// reports have made it too dear to be called gets no report that would set it right. Where rows of a warm start vouch for it, it stays.
    /// </summary>
    public double Faded(double predicted, double expected, DateTimeOffset at)
    {
        if (!(predicted > Doubted * expected) || _reportedHours == 0 || Slopes is not null)
        {
            return predicted;
        }

        var idle = Hours(at) - _reportedHours - 1;
        return idle > 0 ? Math.Max(Doubted * expected, predicted * Math.Pow(0.5, idle)) : predicted;
    }

    public void Reported(DateTimeOffset at) => _reportedHours = Math.Max(_reportedHours, Hours(at));

    /// <summary>Before its first call the arm is expected to surprise by so much.</summary>
    public void Expect(double surprise) => Level = _priorLevel + surprise;

    /// <summary>What was learned from calls no longer holds: the next ones count as the first ones did, from where the level is now.</summary>
    public void Forget()
    {
        LevelCalls = 0;
        Calls = 0;
        RatioCalls = 0;
        Actual = 0;
        Predicted = 0;
    }

    public void Write(StateWriter writer)
    {
        // What states from before surprises were watched do not hold is left out until there is something to tell.
        var (square, calls, run) = Surprises.State;
        double[] hits = Input.Expectations > 0 ? [Input.Expectations, Input.HitSum] : [];
        double[] watched = calls > 0 || _reportedHours > 0 || Input.Run != 0 || hits.Length > 0 ? [square, calls, run, Input.Run, _reportedHours] : [];
        writer.Doubles([_priorLevel, Level, LevelCalls, Smear, Smallest, Largest, Mean, Calls, RatioCalls, Actual, Predicted, .. Input.State(), .. watched, .. hits]);
        writer.Doubles(Slopes ?? []);
    }

    public static TokenStatistics Read(ref StateReader reader, int dimension)
    {
        var v = reader.Doubles();
        if (v.Length is not (OldLength or Length or HitsLength))
        {
            throw new InvalidDataException($"Learned state does not fit: {OldLength}, {Length} or {HitsLength} numbers of an arm's tokens expected, {v.Length} found.");
        }

        var slopes = reader.Doubles();
        if (slopes.Length != 0 && slopes.Length != dimension)
        {
            throw new InvalidDataException($"Learned state does not fit: {dimension} slopes expected, {slopes.Length} found.");
        }

        var statistics = new TokenStatistics(v[0])
        {
            Level = v[1],
            LevelCalls = v[2],
            Smear = v[3],
            Smallest = v[4],
            Largest = v[5],
            Mean = v[6],
            Calls = v[7],
            RatioCalls = v[8],
            Actual = v[9],
            Predicted = v[10],
            Slopes = slopes.Length == 0 ? null : slopes,
        };
        var watched = v.Length > OldLength;
        statistics.Input.Read(v[11], v[12], v[13], v[14], watched ? v[18] : 0);
        if (watched)
        {
            statistics.Surprises.Read(v[15], v[16], v[17]);
            statistics._reportedHours = v[19];
        }

        if (v.Length == HitsLength)
        {
            statistics.Input.ReadHits(v[20], v[21]);
        }

        return statistics;
    }

    private static double Hours(DateTimeOffset at) => at.UtcTicks / (double)TimeSpan.TicksPerHour;
}
