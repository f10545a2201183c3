using Microsoft.Extensions.Logging;

namespace MetaLlm.Embeddings.Tests.Support;

/// <summary>Keeps what is logged.</summary>
internal sealed class ListLoggerProvider(List<(LogLevel Level, string Message)> log) : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (log)
        {
            log.Add((logLevel, formatter(state, exception)));
        }
    }

    public void Dispose()
    {
    }
}
