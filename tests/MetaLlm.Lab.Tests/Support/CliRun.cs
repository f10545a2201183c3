using System.Text.Json;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Lab.Tests.Support;

/// <summary>One invocation of the command line, in process.</summary>
internal sealed record CliRun(int ExitCode, string Output, string Error)
{
    public static async Task<CliRun> Of(IEmbedder? embedder, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var environment = new LabEnvironment
        {
            Output = output,
            Error = error,
            OutputIsTerminal = false,
            ErrorIsTerminal = false,
            OpenEmbedder = _ => ValueTask.FromResult(embedder ?? throw new InvalidOperationException("This run must not need an embedding model.")),
        };
        var exitCode = await LabApplication.RunAsync(arguments, environment, CancellationToken.None);
        return new CliRun(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>Replays without an embedding model and returns the report.</summary>
    public static async Task<JsonElement> Replay(string data, params string[] arguments)
    {
        var file = Path.Combine(data, $"report-{Guid.NewGuid():N}.json");
        var run = await Of(null, ["replay", "--data", data, "--json", file, "--features", "structural", .. arguments]);
        Assert.True(run.ExitCode == 0, run.Error);
        using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(file));
        return document.RootElement.Clone();
    }
}
