using System.Text.RegularExpressions;

namespace MetaLlm.DeployLint;

/// <summary>Checks a Dockerfile: its stages, what it copies, and what its last stage must say.</summary>
public static partial class DockerfileCheck
{
    private static readonly string[] Known =
        ["ARG", "FROM", "ENV", "WORKDIR", "COPY", "RUN", "LABEL", "USER", "EXPOSE", "STOPSIGNAL", "HEALTHCHECK", "ENTRYPOINT", "CMD"];

    /// <summary>Checks.</summary>
    /// <param name="text">The Dockerfile.</param>
    /// <param name="file">Its name.</param>
    /// <param name="root">The build context.</param>
    /// <param name="ignored">The lines of the context's .dockerignore.</param>
    public static IReadOnlyList<Finding> Check(string text, string file, string root, IReadOnlyList<string> ignored)
    {
        var findings = new List<Finding>();
        var arguments = new Dictionary<string, string>(StringComparer.Ordinal);
        var stages = new List<string>();
        var last = new List<(string Word, string Arguments)>();
        foreach (var (word, rest) in Instructions(text))
        {
            if (!Known.Contains(word))
            {
                findings.Add(new Finding(file, word, "is no instruction that this check knows."));
            }
            else if (word == "ARG" && stages.Count == 0)
            {
                var parts = rest.Split('=', 2);
                arguments[parts[0]] = parts.Length > 1 ? parts[1] : "";
            }
            else if (word == "FROM")
            {
                last.Clear();
                StartStage(rest, stages, arguments, file, findings);
            }
            else if (word == "COPY")
            {
                CheckCopy(rest, stages, file, root, ignored, findings);
            }

            last.Add((word, rest));
        }

        CheckLast(last, file, findings);
        return findings;
    }

    /// <summary>The instructions of a Dockerfile, continuation lines joined and comments left out.</summary>
    public static IEnumerable<(string Word, string Arguments)> Instructions(string text)
    {
        var lines = text.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] != '#');
        var joined = string.Join('\n', lines).Replace("\\\n", " ", StringComparison.Ordinal);
        foreach (var line in joined.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = line.Split(' ', 2, StringSplitOptions.TrimEntries);
            yield return (parts[0], parts.Length > 1 ? parts[1] : "");
        }
    }

    private static void StartStage(
        string rest, List<string> stages, Dictionary<string, string> arguments, string file, List<Finding> findings)
    {
        var words = rest.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var image = Argument().Replace(words[0], m =>
        {
            if (arguments.TryGetValue(m.Groups["name"].Value, out var value))
            {
                return value;
            }

            findings.Add(new Finding(file, $"FROM {words[0]}", $"uses {m.Value}, which no ARG before the first FROM sets."));
            return "unset";
        });
        if (!image.Contains(':', StringComparison.Ordinal) && !stages.Contains(image))
        {
            findings.Add(new Finding(file, $"FROM {words[0]}", $"means '{image}', which is neither an earlier stage nor an image with a tag."));
        }

        if (image.EndsWith(":latest", StringComparison.Ordinal))
        {
            findings.Add(new Finding(file, $"FROM {words[0]}", "takes the tag latest; name a version."));
        }

        stages.Add(words is [_, "AS", var name] ? name : $"{stages.Count}");
    }

    private static void CheckCopy(
        string rest, List<string> stages, string file, string root, IReadOnlyList<string> ignored, List<Finding> findings)
    {
        var words = rest.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.FirstOrDefault(w => w.StartsWith("--from=", StringComparison.Ordinal)) is { } from)
        {
            if (!stages.Contains(from["--from=".Length..]))
            {
                findings.Add(new Finding(file, $"COPY {from}", $"names no earlier stage; they are {string.Join(", ", stages)}."));
            }

            return;
        }

        foreach (var source in words[..^1].Where(w => !w.StartsWith("--", StringComparison.Ordinal)))
        {
            if (!Path.Exists(Path.Combine(root, source)))
            {
                findings.Add(new Finding(file, $"COPY {source}", "is not in the build context."));
            }
            else if (!DockerIgnore.Passes(source.TrimEnd('/'), ignored))
            {
                findings.Add(new Finding(file, $"COPY {source}", "is left out of the build context by .dockerignore."));
            }
        }
    }

    private static void CheckLast(List<(string Word, string Arguments)> stage, string file, List<Finding> findings)
    {
        foreach (var needed in new[] { "USER", "HEALTHCHECK", "STOPSIGNAL", "ENTRYPOINT", "EXPOSE", "LABEL" }.Where(n => stage.All(i => i.Word != n)))
        {
            findings.Add(new Finding(file, "the last stage", $"has no {needed}."));
        }

        foreach (var (_, user) in stage.Where(i => i.Word == "USER" && !NumericUser().IsMatch(i.Arguments)))
        {
            findings.Add(new Finding(file, $"USER {user}", "must be a number other than 0, so that Kubernetes can tell that it is not root."));
        }

        foreach (var (word, rest) in stage.Where(i => i.Word is "ENTRYPOINT" or "CMD" or "HEALTHCHECK" && !i.Arguments.Contains("[\"", StringComparison.Ordinal)))
        {
            findings.Add(new Finding(file, $"{word} {rest}", "must be in exec form: a shell in between would swallow signals."));
        }
    }

    [GeneratedRegex(@"\$\{(?<name>\w+)\}")]
    private static partial Regex Argument();

    [GeneratedRegex("^[1-9][0-9]*(:[0-9]+)?$")]
    private static partial Regex NumericUser();
}
