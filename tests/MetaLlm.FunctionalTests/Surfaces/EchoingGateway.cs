namespace MetaLlm.FunctionalTests.Surfaces;

/// <summary>A gateway with one model, which keeps what it was asked last.</summary>
public sealed class EchoingGateway : IAsyncLifetime
{
    private ScriptedUpstream _upstream = null!;

    internal RunningGateway Gateway { get; private set; } = null!;

    /// <summary>The body of the last request.</summary>
    internal string Asked { get; private set; } = string.Empty;

    public async Task InitializeAsync()
    {
        _upstream = await ScriptedUpstream.StartAsync();
        Gateway = await RunningGateway.StartAsync(_upstream.Configure("a"));
        _upstream.On("a", (context, body) =>
        {
            Asked = body;
            return ScriptedModel.AnswerAsync(context, body);
        });
    }

    public async Task DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await _upstream.DisposeAsync();
    }
}
