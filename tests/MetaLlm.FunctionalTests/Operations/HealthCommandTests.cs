using System.CommandLine;
using MetaLlm.Host;

namespace MetaLlm.FunctionalTests.Operations;

public sealed class HealthCommandTests
{
    [Fact]
    public async Task A_gateway_that_serves_is_well()
    {
        await using var gateway = await RunningGateway.StartAsync();
        var (exitCode, output) = await AskAsync("--url", new Uri(gateway.Address, "health/ready").ToString());
        Assert.Equal(0, exitCode);
        Assert.StartsWith("200 ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_is_no_success_is_not_well()
    {
        await using var gateway = await RunningGateway.StartAsync();
        var (exitCode, output) = await AskAsync("--url", new Uri(gateway.Address, "health/unheard-of").ToString());
        Assert.Equal(1, exitCode);
        Assert.StartsWith("404", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_where_nobody_listens_is_not_well()
    {
        // Port 1 is reserved, and nothing of this machine serves it.
        var (exitCode, output) = await AskAsync("--url", "http://127.0.0.1:1/health/ready");
        Assert.Equal(1, exitCode);
        Assert.StartsWith("no answer", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--url", "ftp://127.0.0.1/")]
    [InlineData("--url", "health")]
    [InlineData("--timeout", "0")]
    [InlineData("--timeout", "301")]
    public void Options_out_of_range_are_refused_by_name(string option, string value)
    {
        var error = Assert.Single(HealthCommand.Create().Parse([option, value]).Errors);
        Assert.Contains($"{option} is {(option == "--url" ? $"'{value}'" : value)}", error.Message, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Output)> AskAsync(params string[] arguments)
    {
        await using var output = new StringWriter();
        var exitCode = await HealthCommand.Create().Parse(arguments).InvokeAsync(new InvocationConfiguration { Output = output });
        return (exitCode, output.ToString());
    }
}
