using System.Text.RegularExpressions;
using System.Xml.Linq;
using MetaLlm.TestKit;

namespace MetaLlm.Packages.Tests;

/// <summary>The checkout that the tests were compiled from.</summary>
internal static partial class Checkout
{
    /// <summary>README's section on the library.</summary>
    public const string Library = "## Use it as a library";

    /// <summary>README's section on chat clients.</summary>
    public const string ChatClients = "## Route over your chat clients";

    public static string Root => Repository.Root;

    /// <summary>How the tests were built, and what they pack and start.</summary>
    public static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path)).ReplaceLineEndings("\n");

    /// <summary>The version of a package of others that this repository is built with.</summary>
    public static string PackageVersion(string id) => XDocument.Load(Path.Combine(Root, "Directory.Packages.props")).Descendants("PackageVersion").Single(p => p.Attribute("Include")!.Value == id).Attribute("Version")!.Value;

    /// <summary>What a sample's build has put out.</summary>
    public static string Sample(string name) => Path.Combine(Root, "samples", name, "bin", Configuration, "net10.0", name + ".dll");

    /// <summary>The blocks in a section of README, of one language.</summary>
    public static IReadOnlyList<string> Snippets(string language, string heading = Library)
    {
        var section = Read("README.md").Split(heading + "\n")[1].Split("\n## ")[0];
        return [.. Block().Matches(section).Where(m => m.Groups["language"].Value == language).Select(m => m.Groups["text"].Value)];
    }

    [GeneratedRegex(@"^```(?<language>\w+)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
