using MetaLlm.Core.Arms;
using MetaLlm.Engine.Onboarding;
using MetaLlm.Core.Tenancy;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Management;

namespace MetaLlm.WebConsole.Pages.Manage.Teach;

/// <summary>What was understood of a file: which lines can begin a policy, and which tell about one model. The API's own reader has the last word.</summary>
internal sealed class UploadReading
{
    private readonly IReadOnlyList<Arm> _arms;
    private readonly List<(int Line, string Text, IReadOnlySet<string> Arms)> _lines = [];
    private readonly int _mostRows;

    /// <summary>Reads a file.</summary>
    /// <param name="table">The file.</param>
    /// <param name="mapping">What its columns are.</param>
    /// <param name="arms">The tenant's models.</param>
    /// <param name="mostRows">Most lines of a warm start.</param>
    public UploadReading(UploadTable table, ColumnMapping mapping, IReadOnlyList<Arm> arms, int mostRows)
    {
        (_arms, _mostRows) = (arms, mostRows);
        foreach (var row in table.Rows)
        {
            _lines.Add((row.Line, mapping.ToLine(row, out var known), known));
        }

        Complete = _lines.Count(IsComplete);
    }

    /// <summary>Lines with an outcome of every model.</summary>
    public int Complete { get; }

    /// <summary>Lines without any outcome, which say nothing.</summary>
    public int Empty => _lines.Count(line => line.Arms.Count == 0);

    /// <summary>The first lines as the API would get them.</summary>
    public IReadOnlyList<string> FirstLines => [.. _lines.Take(3).Select(line => line.Text)];

    /// <summary>Lines that a quiz of a model is made of: those with its outcome. Where there are enough complete ones for a warm start, they are that start's, and are not asked twice.</summary>
    /// <param name="arm">The model.</param>
    public int QuizLines(string arm) => _lines.Count(line => IsOfQuiz(line, arm));

    /// <summary>Why no warm start can be made of it; null where one can.</summary>
    public string? WarmStartProblem => Problem(() => WarmStartReader.Read(WarmStartBody(), _arms, _mostRows));

    /// <summary>Why no quiz of a model can be made of it; null where one can.</summary>
    /// <param name="arm">The model.</param>
    public string? QuizProblem(string arm) => Problem(() => WarmStartReader.ReadQuiz(QuizBody(arm), _arms, arm));

    /// <summary>The body of a warm start.</summary>
    public byte[] WarmStartBody() => ColumnMapping.Body(_lines.Where(IsComplete).Select(line => (line.Line, line.Text)));

    /// <summary>The body of a quiz.</summary>
    /// <param name="arm">The model.</param>
    public byte[] QuizBody(string arm) => ColumnMapping.Body(_lines.Where(line => IsOfQuiz(line, arm)).Select(line => (line.Line, line.Text)));

    private static string? Problem(Func<List<WarmStartExample>> read)
    {
        try
        {
            read();
            return null;
        }
        catch (ApiException e)
        {
            return e.Error.Message;
        }
    }

    private bool IsComplete((int Line, string Text, IReadOnlySet<string> Arms) line) => line.Arms.Count == _arms.Count;

    private bool IsOfQuiz((int Line, string Text, IReadOnlySet<string> Arms) line, string arm) =>
        line.Arms.Contains(arm) && !(IsComplete(line) && Complete >= WarmStartSet.FewestRows);
}
