using System.Text.RegularExpressions;
using MetaLlm.Host;
using Microsoft.Extensions.Logging;

namespace MetaLlm.FunctionalTests.Operations;

/// <summary>What a newcomer does first: the host as shipped, and the first command of the README.</summary>
public sealed partial class FirstRequestTests
{
    [Fact]
    public async Task The_first_request_of_the_README_gets_its_right_answer_from_every_model()
    {
        var command = FirstRequest().Match(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "README.md")));
        Assert.True(command.Success);
        var directory = Directory.CreateTempSubdirectory("metallm-first-").FullName;
        await using (var host = await MetaLlmHost.BuildAsync(
            new MetaLlmHostOptions
            {
                ConfigFile = Path.Combine(AppContext.BaseDirectory, "config", "simulator.json"),
                Listen = ["http://127.0.0.1:0"],
                DataDirectory = directory,
                AnySiloPorts = true,
                Logging = logging => logging.SetMinimumLevel(LogLevel.None),
            },
            CancellationToken.None))
        {
            await host.StartAsync(CancellationToken.None);
            using var http = new HttpClient { BaseAddress = host.Addresses[0], Timeout = TimeSpan.FromSeconds(30) };
            var client = new Client(http, null);
            var models = (await client.GetAsync("/v1/models")).Ok().Json.GetProperty("data").EnumerateArray().Select(m => m.GetProperty("id").GetString()!).ToLookup(id => id.StartsWith("sim-embed", StringComparison.Ordinal));
            Assert.Equal((7, 4), (models[false].Count(), models[true].Count()));
            foreach (var model in models[true])
            {
                (await client.PostAsync("/v1/embeddings", new { model, input = "What is 17 * 23?" })).Ok();
            }

            foreach (var model in models[false])
            {
                var body = command.Groups["body"].Value.Replace("\"auto\"", $"\"{model}\"", StringComparison.Ordinal);
                var answer = (await client.PostTextAsync(command.Groups["path"].Value, body)).Ok();
                Assert.Contains("391", answer.Json.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString(), StringComparison.Ordinal);
            }

            await host.StopAsync(CancellationToken.None);
        }

        Directory.Delete(directory, recursive: true);
    }

    [GeneratedRegex("""^curl http://127\.0\.0\.1:8080(?<path>\S+) .*\\\n\s*-d '(?<body>[^']+)'$""", RegexOptions.Multiline)]
    private static partial Regex FirstRequest();
}
