namespace MetaLlm.FunctionalTests.Compatibility;

/// <summary>A page whose parts tests write: each between two comments with the part's name. What was found goes beside the committed page, to be looked at and copied over it.</summary>
internal static class GeneratedPage
{
    private static readonly Lock Gate = new();
    private static readonly string Committed = Path.Combine(AppContext.BaseDirectory, "docs", "compatibility.md");
    private static readonly string Found = Path.ChangeExtension(Committed, ".found.md");
    private static bool _begun;

    /// <summary>Holds a part of the page against what was found.</summary>
    /// <param name="part">Its name.</param>
    /// <param name="found">What it should say.</param>
    public static void Check(string part, string found)
    {
        var (begin, end) = ($"<!-- Begin of generated part: {part} -->\n", $"<!-- End of generated part: {part} -->");
        string committed;
        lock (Gate)
        {
            committed = Of(File.ReadAllText(Committed));
            var page = File.ReadAllText(_begun ? Found : Committed).ReplaceLineEndings("\n");
            Assert.Contains(begin, page, StringComparison.Ordinal);
            File.WriteAllText(Found, page.Replace(begin + Of(page) + end, begin + found + end, StringComparison.Ordinal));
            _begun = true;
        }

        Assert.Equal(committed, found);

        string Of(string page)
        {
            var text = page.ReplaceLineEndings("\n");
            var from = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
            return text[from..text.IndexOf(end, from, StringComparison.Ordinal)];
        }
    }
}
