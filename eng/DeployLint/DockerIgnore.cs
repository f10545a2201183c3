using System.Text.RegularExpressions;

namespace MetaLlm.DeployLint;

/// <summary>The rules of a .dockerignore: the last line that matches a path, or a folder above it, decides.</summary>
public static class DockerIgnore
{
    /// <summary>Whether a path of the context reaches the builder.</summary>
    /// <param name="path">The path, with slashes.</param>
    /// <param name="lines">The lines of the file.</param>
    public static bool Passes(string path, IReadOnlyList<string> lines)
    {
        var passes = true;
        foreach (var line in lines.Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] != '#'))
        {
            var keeps = line[0] == '!';
            var pattern = Regex.Escape(line.TrimStart('!').Trim('/')).Replace(@"\*\*/", "(.*/)?", StringComparison.Ordinal)
                .Replace(@"\*", "[^/]*", StringComparison.Ordinal);
            if (Regex.IsMatch(path, $"^{pattern}(/.*)?$"))
            {
                passes = keeps;
            }
        }

        return passes;
    }
}
