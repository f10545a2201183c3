namespace MetaLlm.FunctionalTests.Durability;

/// <summary>The host as a user starts and stops it.</summary>
public sealed class ServeTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("metallm-serve-").FullName;

    [Fact]
    public async Task Without_arguments_a_newcomer_gets_an_answer()
    {
        using var host = await HostProcess.StartAsync("--listen", "http://127.0.0.1:0", "--data", _directory);
        var reply = (await host.Nobody.ChatAsync("Hello?")).Ok();
        Assert.StartsWith("sim-", reply.Model, StringComparison.Ordinal);
        Assert.Equal("use-lite-en-int8-2", (await host.Nobody.GetAsync("/health/ready")).Ok().Json.GetProperty("embedder").GetString());
        Assert.True(File.Exists(Path.Combine(_directory, "metallm.db")));
    }

    [Fact]
    public async Task A_host_that_is_asked_to_stop_finishes_its_streams()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var configuration = TestConfiguration.Create(timeScale: 1);
        configuration["MetaLlm"]!["upstreams"]!["sim"]!["firstByteTimeoutSeconds"] = 20;
        var config = Path.Combine(_directory, "metallm.json");
        await File.WriteAllTextAsync(config, configuration.ToJsonString());
        using var host = await HostProcess.StartAsync("--config", config, "--listen", "http://127.0.0.1:0", "--data", _directory);
        using var response = await host.Client.StreamAsync(new { model = "sim-coder", stream = true, messages = new[] { new { role = "user", content = "Tell me something long." } } });
        Assert.True(response.IsSuccessStatusCode, $"The stream began with status {(int)response.StatusCode}.");
        var stopped = host.StopAsync();
        Assert.Equal("[DONE]", (await EventStream.ReadAsync(response))[^1]);
        Assert.Equal(0, await stopped);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_said_in_one_line()
    {
        using var taken = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var config = Path.Combine(_directory, "metallm.json");
        await File.WriteAllTextAsync(config, TestConfiguration.Create().ToJsonString());
        var (code, errors) = await HostProcess.RunToEndAsync("--config", config, "--listen", $"http://{taken.LocalEndpoint}", "--data", _directory);
        Assert.Equal(1, code);
        Assert.Contains("in use", Assert.Single(errors.Trim().Split('\n'), l => l.StartsWith("MetaLlm cannot start: ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled exception", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_error_of_a_configuration_is_told_before_anything_listens()
    {
        var configuration = TestConfiguration.Create();
        configuration["MetaLlm"]!["listen"]![0] = "ftp://example";
        configuration["MetaLlm"]!["tenants"]![1]!["policy"] = "guessing";
        configuration["MetaLlm"]!["tenants"]![0]!["arms"]![2]!["inputUsdPerMillion"] = -1;
        configuration["MetaLlm"]!["rooting"] = 1;
        var config = Path.Combine(_directory, "bad.json");
        await File.WriteAllTextAsync(config, configuration.ToJsonString());

        var (code, errors) = await HostProcess.RunToEndAsync("--config", config, "--data", _directory);
        Assert.Equal(2, code);
        Assert.Contains("MetaLlm.listen[0] is 'ftp://example'", errors, StringComparison.Ordinal);
        Assert.Contains("MetaLlm.tenants[1].policy is 'guessing'", errors, StringComparison.Ordinal);
        Assert.Contains("MetaLlm.tenants[0].arms[2].inputUsdPerMillion is '-1'; it must be a number from 0", errors, StringComparison.Ordinal);
        Assert.Contains("MetaLlm.rooting is not known", errors, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_directory, "metallm.db")));
    }

    [Fact]
    public async Task A_configuration_that_is_no_json_is_named_with_the_position()
    {
        var config = Path.Combine(_directory, "bad.json");
        await File.WriteAllTextAsync(config, "{\n  \"MetaLlm\": {,\n}");
        var (code, errors) = await HostProcess.RunToEndAsync("--config", config);
        Assert.Equal(2, code);
        Assert.Contains("no well-formed JSON at line 2", errors, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
