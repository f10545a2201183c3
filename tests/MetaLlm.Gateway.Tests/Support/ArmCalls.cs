using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing.Circuits;

namespace MetaLlm.Gateway.Tests.Support;

internal static class ArmCalls
{
    /// <summary>The upstream failed as a whole.</summary>
    public static void Fail(this ArmCall call, TimeSpan? retryAfter = null) =>
        call.Failed(new ChatProviderException(ChatFailure.ServerError, "It failed.") { RetryAfter = retryAfter });
}
