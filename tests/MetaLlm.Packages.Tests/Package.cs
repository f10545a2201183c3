using System.IO.Compression;
using System.Xml.Linq;

namespace MetaLlm.Packages.Tests;

/// <summary>What a package says of itself.</summary>
internal sealed record Package(string Id, string Version, string Licence, string Description, Dictionary<string, string> Dependencies, HashSet<string> Files)
{
    public static Package Read(string file)
    {
        using var zip = ZipFile.OpenRead(file);
        using var stream = zip.Entries.Single(e => e.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        var all = XDocument.Load(stream).Descendants().ToList();
        string Text(string name) => all.First(e => e.Name.LocalName == name).Value;
        return new Package(
            Text("id"),
            Text("version"),
            Text("license"),
            Text("description"),
            all.Where(e => e.Name.LocalName == "dependency").ToDictionary(e => e.Attribute("id")!.Value, e => e.Attribute("version")!.Value),
            [.. zip.Entries.Select(e => e.FullName)]);
    }
}
