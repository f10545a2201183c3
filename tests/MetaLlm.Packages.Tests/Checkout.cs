using System.Text.RegularExpressions;
using MetaLlm.TestKit;

namespace MetaLlm.Packages.Tests;

/// <summary>The checkout that the tests were compiled from.</summary>
internal static partial class Checkout
{
    private const string Section = "## Use it as a library";

    public static string Root => Repository.Root;

    /// <summary>How the tests were built, and what they pack and start.</summary>
    public static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path)).ReplaceLineEndings("\n");

    /// <summary>What a sample's build has put out.</summary>
    public static string Sample(string name) => Path.Combine(Root, "samples", name, "bin", Configuration, "net10.0", name + ".dll");

    /// <summary>The blocks in README's section on the library, of one language.</summary>
    public static IReadOnlyList<string> Snippets(string language)
    {
        var section = Read("README.md").Split(Section + "\n")[1].Split("\n## ")[0];
        return [.. Block().Matches(section).Where(m => m.Groups["language"].Value == language).Select(m => m.Groups["text"].Value)];
    }

    [GeneratedRegex(@"^```(?<language>\w+)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
