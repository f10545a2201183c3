using MetaLlm.Host;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Gateway.Tests;

/// <summary>ASP.NET makes a span for each request, and one for each call of an upstream, while this category may log at all.</summary>
public sealed class HostLoggingTests
{
    private const string Requests = "Microsoft.AspNetCore.Hosting.Diagnostics";

    [Theory]
    [InlineData(null, null, false, LogLevel.None)]
    [InlineData("Logging:LogLevel:Default", "Debug", false, LogLevel.None)]
    [InlineData("Logging:Console:FormatterOptions:IncludeScopes", "false", false, LogLevel.None)]
    [InlineData(null, null, true, LogLevel.Warning)]
    [InlineData("Logging:Console:FormatterOptions:IncludeScopes", "true", false, LogLevel.Warning)]
    [InlineData("Logging:LogLevel:Microsoft.AspNetCore", "Information", false, LogLevel.Information)]
    [InlineData("Logging:LogLevel:" + Requests, "Error", false, LogLevel.Error)]
    public void Requests_have_a_span_only_where_somebody_needs_it(string? key, string? value, bool needsSpans, LogLevel least)
    {
        var file = new ConfigurationBuilder().AddInMemoryCollection(key is null ? [] : [KeyValuePair.Create(key, value)]).Build();
        using var services = new ServiceCollection().AddLogging(logging => HostLogging.Add(logging, file, needsSpans)).BuildServiceProvider();

        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger(Requests);

        Assert.Equal(least, Enum.GetValues<LogLevel>().Order().First(level => level == LogLevel.None || logger.IsEnabled(level)));
    }
}
