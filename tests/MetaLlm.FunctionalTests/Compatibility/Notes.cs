using System.Text;

namespace MetaLlm.FunctionalTests.Compatibility;

/// <summary>Footnotes of a table: cells that say the same share one.</summary>
/// <param name="name">What their marks begin with.</param>
internal sealed class Notes(string name)
{
    private readonly List<string> _notes = [];

    /// <summary>A cell with the mark of its note.</summary>
    public string Write(Cell cell)
    {
        if (cell.Note is null)
        {
            return cell.Text;
        }

        if (!_notes.Contains(cell.Note))
        {
            _notes.Add(cell.Note);
        }

        return $"{cell.Text}[^{name}{_notes.IndexOf(cell.Note) + 1}]";
    }

    /// <summary>The notes.</summary>
    public override string ToString() => _notes.Count == 0 ? string.Empty : new StringBuilder("\n").AppendJoin(string.Empty, _notes.Select((note, i) => $"[^{name}{i + 1}]: {note}\n")).ToString();
}
