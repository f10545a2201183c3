using System.Globalization;
using System.Text;

namespace MetaLlm.FunctionalTests.Compatibility;

/// <summary>Which feature of which format works with which kind of upstream, as it is found and written down in docs/compatibility.md.</summary>
[Collection(SharedKinds.Name)]
public sealed class CompatibilityTests(EveryKind kinds) : IDisposable
{
    private static readonly IReadOnlyList<Surface> Surfaces = [new ChatFormat(), new ResponsesFormat(), new MessagesFormat(), new CompletionsFormat(), new EmbeddingsFormat()];

    // The machine has few cores, and each call at least two ends on it.
    private readonly SemaphoreSlim _room = new(12);

    public void Dispose() => _room.Dispose();

    [Fact]
    public async Task The_page_says_what_each_format_gets()
    {
        var notes = new Notes("");
        var page = new StringBuilder();
        foreach (var (surface, cells) in Surfaces.Zip(await Task.WhenAll(Surfaces.Select(CellsAsync))))
        {
            page.Append(CultureInfo.InvariantCulture, $"\n### {surface.Name}: `{surface.Path}`\n\n| | {string.Join(" | ", UpstreamKind.All.Select(kind => $"`{kind.Name}`"))} |\n|---|{string.Concat(UpstreamKind.All.Select(_ => "---|"))}\n");
            foreach (var (feature, row) in surface.Features.Zip(cells))
            {
                page.Append(CultureInfo.InvariantCulture, $"| {feature.Name} | {string.Join(" | ", row.Select(notes.Write))} |\n");
            }
        }

        GeneratedPage.Check("Formats", page.Append(notes).ToString());
    }

    /// <summary>A row for each feature, with a cell for each kind.</summary>
    private Task<Cell[][]> CellsAsync(Surface surface) => Task.WhenAll(surface.Features.Select(feature => Task.WhenAll(UpstreamKind.All.Select(kind => CellAsync(surface, feature, kind.Name)))));

    private async Task<Cell> CellAsync(Surface surface, Feature feature, string kind)
    {
        if (surface is EmbeddingsFormat && kinds.WithoutVectors(kind) is { } why)
        {
            return new Cell("no", why);
        }

        await _room.WaitAsync();
        try
        {
            return await Cell.PatientlyAsync(() => Cell.OfAsync(feature, new Probe(kinds.Gateway, surface, kind)));
        }
        finally
        {
            _room.Release();
        }
    }
}
