using System.Buffers;
using System.Globalization;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Admission;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Admission;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Idempotency;
using MetaLlm.Gateway.Rollout;
using MetaLlm.Gateway.Screening;
using MetaLlm.Gateway.Surfaces;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Endpoints;

/// <summary>Routes a request of any surface, and answers it: the one way of every call to a model.</summary>
internal sealed class InferenceEndpoint(RoutingService routing, RoutingOptions options, SettingsStore settings, BodyMemory memory, CallDrain drain, IdempotentCalls idempotent, CachedCalls cached, SimilarCalls similar, CallScreens screens, ShadowCalls shadows, TimeProvider time)
{
    public async Task HandleAsync(HttpContext context, ISurface surface)
    {
        var client = context.RequestAborted;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(client, drain.Over);
        context.RequestAborted = end.Token;
        try
        {
            var body = await RequestBodyReader.ReadAsync(context, settings.Current.Limits.BodyBytes, memory).ConfigureAwait(false);
            await idempotent.RunAsync(context, body, () => cached.RunAsync(context, body, () => AnswerAsync(context, surface, body)), drain.Over).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (drain.Over.IsCancellationRequested && !client.IsCancellationRequested)
        {
            throw new ApiException(new ApiError(ErrorCode.GatewayStopping, "The gateway stops, and the answer has taken longer than it waits for.") { RetryAfterSeconds = 1 });
        }
        finally
        {
            context.RequestAborted = client;
        }
    }

    /// <returns>Whether a model has answered to the end.</returns>
    private Task<bool> AnswerAsync(HttpContext context, ISurface surface, byte[] body) =>
        screens.Open(context) is { } screen ? ScreenedAsync(context, surface, body, screen) : SimilarAsync(context, surface, surface.ReadAsync(context, body), null);

    private async Task<bool> ScreenedAsync(HttpContext context, ISurface surface, byte[] body, CallScreen screen)
    {
        try
        {
            var asked = await surface.ReadAsync(context, body).ConfigureAwait(false);
            asked = await screen.AdmitAsync(surface, asked).ConfigureAwait(false);
            var isWhole = await SimilarAsync(context, surface, new(asked), screen).ConfigureAwait(false);
            screen.End(null);
            return isWhole;
        }
        catch (Exception e)
        {
            screen.End(e);
            throw;
        }
    }

    private Task<bool> SimilarAsync(HttpContext context, ISurface surface, ValueTask<SurfaceRequest> reading, CallScreen? screen) =>
        context.Tenant().ResponseCache.Similarity is null ? CallAsync(context, surface, reading, screen) : AskAsync(context, surface, reading, screen);

    private async Task<bool> AskAsync(HttpContext context, ISurface surface, ValueTask<SurfaceRequest> reading, CallScreen? screen)
    {
        var asked = await reading.ConfigureAwait(false);
        return await similar.RunAsync(context, asked, () => CallAsync(context, surface, new(asked), screen)).ConfigureAwait(false);
    }

    private async Task<bool> CallAsync(HttpContext context, ISurface surface, ValueTask<SurfaceRequest> reading, CallScreen? screen)
    {
        var tenant = context.Tenant();
        var (request, payload, translator) = await reading.ConfigureAwait(false);
        if (translator is not null)
        {
            // It may still tell of an error after this handler has failed.
            context.Response.RegisterForDispose(translator);
        }

        var admitted = context.Features.Get<AdmittedCall>();
        if (admitted is not null)
        {
            await admitted.RequireTokensAsync(request.Route, context.RequestAborted).ConfigureAwait(false);
        }

        var stream = new StreamResponse(context, translator, options.KeepAlive, time);
        DecisionRecord? decision = null;
        void Decided(DecisionRecord decided)
        {
            decision = decided;
            screen?.Decided(decided);
            shadows.Start(tenant, request, payload, decided);
        }

        try
        {
            if (RequestIds.Of(context.Request) is var id && (request.Affinity != 0 || id is not null))
            {
                payload = payload with { Affinity = request.Affinity, RequestId = id };
            }

            var answering = routing.ChatAsync(tenant.Id, request.Query, request.Route, payload, Decided, admitted, context.RequestAborted);
            var call = await (request.Stream ? stream.WaitAsync(answering, () => decision) : answering).ConfigureAwait(false);
            await using var callEnd = call.ConfigureAwait(false);
            if (!context.Response.HasStarted)
            {
                WriteHeaders(context.Response, call, isTranslated: translator is not null);
            }

            var parts = screen?.ReadAsync(call, payload, context.RequestAborted) ?? call.ReadAsync(context.RequestAborted);
            await (request.Stream ? stream.WriteAsync(call, parts) : WriteAsync(context, call, parts, translator)).ConfigureAwait(false);
            return true;
        }
        catch (ChatProviderException e) when (decision is not null && !context.Response.HasStarted)
        {
            // It broke while all of it was held back: a response of its own tells the client, which may still want to look the call up.
            throw new ApiException(ErrorMapping.From(e)! with { DecisionId = decision.DecisionId });
        }
        catch (UpstreamsExhaustedException e) when (e.Objection is { } objection)
        {
            // The first model's words, as if it had been the only one that was asked.
            if (context.Response.HasStarted)
            {
                await stream.WriteErrorAsync(objection).ConfigureAwait(false);
                return false;
            }

            DecisionHeaders.Write(context.Response, decision!, e.Attempts[^1].Key, e.Attempts.Count);
            if (surface.Translate(objection) is { } error)
            {
                await error.WriteAsync(context).ConfigureAwait(false);
                return false;
            }

            (context.Response.StatusCode, context.Response.ContentType) = (objection.Status, objection.ContentType);
            await context.Response.Body.WriteAsync(objection.Body, context.RequestAborted).ConfigureAwait(false);
            return false;
        }
    }

    private static void WriteHeaders(HttpResponse response, RoutedCall call, bool isTranslated)
    {
        response.StatusCode = call.Status;
        response.ContentType = isTranslated && !call.ContentType.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase) ? "application/json" : call.ContentType;
        foreach (var (name, value) in call.Headers)
        {
            response.Headers[name] = value;
        }

        DecisionHeaders.Write(response, call.Decision, call.ServedArm, call.Attempts);
        if (call.EscalatedFrom is { } first)
        {
            response.Headers[MetaLlmHeaders.EscalatedFrom] = first;
            response.Headers[MetaLlmHeaders.EscalatedUsd] = Math.Round(call.EscalatedUsd, 12).ToString("R", CultureInfo.InvariantCulture);
        }
    }

    /// <summary>A plain answer is one part: headers, body and end leave together when the handler returns.</summary>
    private static async Task WriteAsync(HttpContext context, RoutedCall call, IAsyncEnumerable<ReadOnlyMemory<byte>> parts, IAnswerTranslator? translator)
    {
        await foreach (var part in parts.ConfigureAwait(false))
        {
            if (translator is null)
            {
                context.Response.BodyWriter.Write(part.Span);
                continue;
            }

            var output = new ArrayBufferWriter<byte>(part.Length);
            translator.Whole(call, part, output);
            await translator.KeepAsync(context.RequestAborted).ConfigureAwait(false);
            context.Response.BodyWriter.Write(output.WrittenSpan);
        }
    }
}
