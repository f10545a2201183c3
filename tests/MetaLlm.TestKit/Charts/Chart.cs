namespace MetaLlm.TestKit.Charts;

/// <summary>The chart in the checkout.</summary>
public static class Chart
{
    private const string Release = "metallm";

    /// <summary>Its folder.</summary>
    public static string Folder => Path.Combine(Repository.Root, "deploy/helm/metallm");

    /// <summary>Renders it.</summary>
    /// <param name="values">A file of values below its folder; null for the values that it has itself.</param>
    /// <param name="arguments">More of the command line, such as <c>--set</c>.</param>
    /// <exception cref="InvalidOperationException">It cannot be rendered; the message is that of <c>helm</c>.</exception>
    public static async Task<string> RenderAsync(string? values, params string[] arguments)
    {
        string[] files = values is null ? [] : ["--values", Path.Combine(Folder, values)];
        var (exitCode, output, errors) = await Helm.RunAsync(["template", Release, Folder, .. files, .. arguments]);
        return exitCode == 0 ? output : throw new InvalidOperationException(errors);
    }

    /// <summary>The configuration files that it renders, by the name of what runs with them: that of gateways first.</summary>
    /// <param name="values">A file of values below its folder; null for the values that it has itself.</param>
    public static async Task<IReadOnlyList<(string Name, string Json)>> ConfigurationsAsync(string? values)
    {
        var found = new List<(string, string)>();
        foreach (var manifest in (await RenderAsync(values)).Split("\n---\n"))
        {
            var lines = manifest.Split('\n').ToList();
            var start = lines.IndexOf("  metallm.json: |");
            if (start >= 0)
            {
                var name = lines.First(line => line.StartsWith("  name: ", StringComparison.Ordinal))["  name: ".Length..];
                found.Add((name, string.Join('\n', lines.Skip(start + 1).TakeWhile(line => line.StartsWith("    ", StringComparison.Ordinal)))));
            }
        }

        return found;
    }
}
