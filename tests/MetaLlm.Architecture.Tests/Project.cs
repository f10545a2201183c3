using System.Xml.Linq;

namespace MetaLlm.Architecture.Tests;

/// <summary>A project file and what it refers to.</summary>
internal sealed record Project(string Name, IReadOnlySet<string> Projects, IReadOnlySet<string> Packages, IReadOnlySet<string> Frameworks)
{
    public static IReadOnlyDictionary<string, Project> InSource { get; } =
        new[] { "src", "lab" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.csproj", SearchOption.AllDirectories))
            .Select(Read)
            .ToDictionary(p => p.Name, StringComparer.Ordinal);

    /// <summary>Every project that this one refers to, directly or not.</summary>
    public IReadOnlySet<string> Closure()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>(Projects);
        while (open.TryPop(out var name))
        {
            if (seen.Add(name) && InSource.TryGetValue(name, out var project))
            {
                foreach (var next in project.Projects)
                {
                    open.Push(next);
                }
            }
        }

        return seen;
    }

    private static Project Read(string file)
    {
        var items = XDocument.Load(file).Descendants().ToList();
        return new Project(
            Path.GetFileNameWithoutExtension(file),
            Includes(items, "ProjectReference").Select(i => Path.GetFileNameWithoutExtension(i.Replace('\\', '/'))).ToHashSet(StringComparer.Ordinal),
            Includes(items, "PackageReference").ToHashSet(StringComparer.Ordinal),
            Includes(items, "FrameworkReference").ToHashSet(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Includes(IEnumerable<XElement> items, string kind) =>
        items.Where(e => e.Name.LocalName == kind).Select(e => (string?)e.Attribute("Include")).OfType<string>();
}
