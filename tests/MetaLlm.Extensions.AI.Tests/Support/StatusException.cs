namespace MetaLlm.Extensions.AI.Tests.Support;

/// <summary>An exception that tells an HTTP status, as those of the official clients do.</summary>
internal sealed class StatusException(int status) : Exception("words of an upstream")
{
    public int StatusCode => status;
}
