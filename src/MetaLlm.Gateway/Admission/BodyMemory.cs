using MetaLlm.Engine.Admission;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Admission;

/// <summary>The memory that the bodies of all requests under way may take together. Small bodies are not counted: connections bound them.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class BodyMemory(SettingsStore settings, AdmissionMetrics metrics)
{
    /// <summary>Bodies up to this size are not counted, bytes.</summary>
    public const int Small = 64 * 1024;

    private long _held;

    /// <summary>What is taken, bytes.</summary>
    public long Held => Volatile.Read(ref _held);

    /// <summary>Refuses a body for which there is no room, before any of it is read. Nothing is taken: a client that says much and sends nothing shall not keep others out.</summary>
    /// <param name="bytes">The length that was declared.</param>
    /// <exception cref="ApiException">Others have taken too much (503).</exception>
    public void RequireRoom(long bytes)
    {
        if (Held is > 0 and var held && held + bytes > Most)
        {
            Shed();
        }
    }

    /// <summary>Begins to take memory for a request; what it takes is free again when the request has ended.</summary>
    public Share Open(HttpContext context)
    {
        var share = new Share(this);
        context.Response.RegisterForDispose(share);
        return share;
    }

    /// <summary>What one request has taken.</summary>
    internal sealed class Share(BodyMemory memory) : IDisposable
    {
        private long _taken;

        /// <summary>Takes so much in all.</summary>
        /// <exception cref="ApiException">Others have taken too much (503).</exception>
        public void Take(long bytes)
        {
            var more = bytes - _taken;
            if (more <= 0)
            {
                return;
            }

            // A body that is alone may be as large as a body may be.
            var held = Interlocked.Add(ref memory._held, more);
            if (held > memory.Most && held > bytes)
            {
                Interlocked.Add(ref memory._held, -more);
                memory.Shed();
            }

            _taken = bytes;
        }

        public void Dispose() => Interlocked.Add(ref memory._held, -Interlocked.Exchange(ref _taken, 0));
    }

    private long Most => settings.Current.Limits.BodyMemoryBytes;

    private void Shed()
    {
        metrics.Shed(ShedReason.Memory);
        throw new ApiException(AdmissionErrors.Overloaded(TimeSpan.FromSeconds(1)));
    }
}
