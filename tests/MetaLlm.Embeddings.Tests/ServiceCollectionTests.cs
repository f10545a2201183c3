using MetaLlm.Embeddings.Models;
using MetaLlm.Embeddings.Tests.Support;
using MetaLlm.Engine.Ports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MetaLlm.Embeddings.Tests;

public sealed class ServiceCollectionTests
{
    [Fact]
    public void The_default_model_is_ready_beside_the_binaries()
    {
        using var services = Build(configure: null, []);
        var embedder = services.GetRequiredService<IEmbedder>();
        Assert.Equal(("use-lite-en-int8-2", "use-lite-en-1"), (embedder.Model.Name, embedder.Model.Id));
        Assert.Equal(512, embedder.Model.Dimensions);
        Assert.Equal(32, embedder.Model.Reduction.OutputDimensions);
        Assert.Same(embedder, services.GetRequiredService<IEmbedder>());
    }

    [Fact]
    public void Options_out_of_range_are_refused_all_at_once()
    {
        using var services = Build(options => (options.ModelDirectory, options.Threads) = (" ", 0), []);
        var exception = Assert.Throws<OptionsValidationException>(services.GetRequiredService<IEmbedder>);
        Assert.Equal(2, exception.Failures.Count());
        Assert.Contains("Threads is 0; it must be between 1 and 256", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_model_stops_the_start()
    {
        using var services = Build(options => options.ModelDirectory = "no such directory", []);
        Assert.Throws<InvalidModelException>(services.GetRequiredService<IEmbedder>);
    }

    [Fact]
    public void Where_hashing_may_stand_in_the_log_says_so()
    {
        var log = new List<(LogLevel Level, string Message)>();
        using var services = Build(options => (options.ModelDirectory, options.AllowHashingFallback) = ("no such directory", true), log);
        Assert.Equal("hashing-512-1", services.GetRequiredService<IEmbedder>().Model.Id);
        var (level, message) = Assert.Single(log);
        Assert.Equal(LogLevel.Warning, level);
        Assert.Contains("no such directory", message, StringComparison.Ordinal);
    }

    private static ServiceProvider Build(Action<EmbeddingsOptions>? configure, List<(LogLevel Level, string Message)> log) =>
        new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(new ListLoggerProvider(log)))
            .AddMetaLlmEmbeddings(configure)
            .BuildServiceProvider();
}
