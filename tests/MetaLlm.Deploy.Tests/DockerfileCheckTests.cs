using MetaLlm.DeployLint;

namespace MetaLlm.Deploy.Tests;

public sealed class DockerfileCheckTests
{
    private static readonly string Dockerfile = Checkout.Read("deploy/docker/Dockerfile");
    private static readonly string[] Ignored = File.ReadAllLines(Path.Combine(Checkout.Root, ".dockerignore"));

    [Fact]
    public void The_Dockerfile_is_sound() => Assert.Empty(Check(Dockerfile, Ignored));

    [Theory]
    [InlineData("USER 1654:1654\n", "", "has no USER")]
    [InlineData("USER 1654:1654", "USER root", "must be a number")]
    [InlineData("STOPSIGNAL SIGTERM\n", "", "has no STOPSIGNAL")]
    [InlineData("HEALTHCHECK --interval", "LABEL a=b --interval", "has no HEALTHCHECK")]
    [InlineData("ENTRYPOINT [\"dotnet\", \"/app/MetaLlm.Host.dll\"]", "ENTRYPOINT dotnet /app/MetaLlm.Host.dll", "exec form")]
    [InlineData("COPY --from=build /publish", "COPY --from=builder /publish", "names no earlier stage")]
    [InlineData("COPY src/ src/", "COPY source/ src/", "is not in the build context")]
    [InlineData("COPY src/ src/", "COPY docs/ docs/", "left out of the build context")]
    [InlineData("aspnet:10.0-noble\n", "aspnet\n", "neither an earlier stage")]
    [InlineData("ARG SDK=mcr.microsoft.com/dotnet/sdk:10.0-noble\n", "", "no ARG before the first FROM")]
    [InlineData("WORKDIR /app", "WORKDR /app", "is no instruction")]
    public void A_broken_Dockerfile_is_found(string correct, string broken, string message)
    {
        Assert.Contains(correct, Dockerfile, StringComparison.Ordinal);
        var findings = Check(Dockerfile.Replace(correct, broken, StringComparison.Ordinal), Ignored);
        Assert.Contains(findings, f => f.ToString().Contains(message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("src/MetaLlm.Core/Arms/Arm.cs", true)]
    [InlineData("src/MetaLlm.Core/bin/Release/MetaLlm.Core.dll", false)]
    [InlineData("deploy/compose/.env", false)]
    [InlineData("deploy/sql/sqlite/0001-initial.sql", true)]
    [InlineData(".git/config", false)]
    public void The_build_context_holds_the_sources_and_no_secrets(string path, bool passes) =>
        Assert.Equal(passes, DockerIgnore.Passes(path, Ignored));

    private static IReadOnlyList<Finding> Check(string text, string[] ignored) => DockerfileCheck.Check(text, "Dockerfile", Checkout.Root, ignored);
}
