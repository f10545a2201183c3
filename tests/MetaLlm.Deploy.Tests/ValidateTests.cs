using MetaLlm.TestKit;

namespace MetaLlm.Deploy.Tests;

public sealed class ValidateTests
{
    [Fact]
    public async Task The_script_accepts_what_is_in_the_repository()
    {
        var (exitCode, output) = await Checkout.RunAsync("bash", Path.Combine(Checkout.Root, "deploy/validate"), "--no-build");
        Assert.True(exitCode == 0, output);
        Assert.Contains("ok   Dockerfile", output, StringComparison.Ordinal);
        Assert.Contains("ok   compose", output, StringComparison.Ordinal);
        Assert.DoesNotContain("FAIL", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_script_fails_on_a_broken_copy_and_says_where()
    {
        using var copy = new TemporaryDirectory();
        Checkout.Copy("deploy", Path.Combine(copy.Path, "deploy"));
        File.Copy(Path.Combine(Checkout.Root, ".dockerignore"), Path.Combine(copy.Path, ".dockerignore"));
        var compose = Path.Combine(copy.Path, "deploy/compose/compose.yaml");
        await File.WriteAllTextAsync(compose, (await File.ReadAllTextAsync(compose)).Replace("stop_grace_period: 660s", "stop_grace_period: 20s", StringComparison.Ordinal));

        var (exitCode, output) = await Checkout.RunAsync("bash", Path.Combine(Checkout.Root, "deploy/validate"), "--no-build", copy.Path);

        Assert.Equal(1, exitCode);
        Assert.Contains("is killed after 20 s", output, StringComparison.Ordinal);
        Assert.Contains("COPY src/ is not in the build context", output, StringComparison.Ordinal);
    }
}
