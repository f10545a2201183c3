using System.Buffers;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Admission;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Admission;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Chat;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Endpoints;

/// <summary><c>POST /v1/chat/completions</c>.</summary>
internal sealed class ChatEndpoint(RoutingService routing, RoutingOptions options, SettingsStore settings, BodyMemory memory, CallDrain drain, TimeProvider time)
{
    public async Task HandleAsync(HttpContext context)
    {
        var client = context.RequestAborted;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(client, drain.Over);
        context.RequestAborted = end.Token;
        try
        {
            await AnswerAsync(context).ConfigureAwait(false);
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

    private async Task AnswerAsync(HttpContext context)
    {
        var tenant = context.Tenant();
        var body = await RequestBodyReader.ReadAsync(context, settings.Current.Limits.BodyBytes, memory).ConfigureAwait(false);
        ChatRequest request;
        using (var document = RequestBodyReader.Parse(body))
        {
            request = ChatRequestReader.Read(document.RootElement, context.Request.Headers, tenant, context.CallerKey().OfDirectory);
        }

        RequestBodyReader.RequireTexts(body);
        var admitted = context.Features.Get<AdmittedCall>();
        if (admitted is not null)
        {
            await TakeTokensAsync(admitted, request.Route, context.RequestAborted).ConfigureAwait(false);
        }

        var payload = new ChatPayload(body, request.Stream);
        var stream = new StreamResponse(context, options.KeepAlive, time);
        DecisionRecord? decision = null;
        try
        {
            var answering = routing.ChatAsync(tenant.Id, request.Query, request.Route, payload, decided => decision = decided, admitted, context.RequestAborted);
            var call = await (request.Stream ? stream.WaitAsync(answering, () => decision) : answering).ConfigureAwait(false);
            await using var callEnd = call.ConfigureAwait(false);
            if (!context.Response.HasStarted)
            {
                WriteHeaders(context.Response, call);
            }

            await (request.Stream ? stream.WriteAsync(call) : WriteAsync(context, call)).ConfigureAwait(false);
        }
        catch (UpstreamsExhaustedException e) when (e.Objection is { } objection)
        {
            // The first model's words, as if it had been the only one that was asked.
            if (context.Response.HasStarted)
            {
                await stream.WriteErrorAsync(objection.Body).ConfigureAwait(false);
                return;
            }

            (context.Response.StatusCode, context.Response.ContentType) = (objection.Status, objection.ContentType);
            DecisionHeaders.Write(context.Response, decision!, e.Attempts[^1].Key, e.Attempts.Count);
            await context.Response.Body.WriteAsync(objection.Body, context.RequestAborted).ConfigureAwait(false);
        }
    }

    /// <exception cref="ApiException">A limit of tokens has no room for the call.</exception>
    private static async ValueTask TakeTokensAsync(AdmittedCall admitted, DecisionRequest request, CancellationToken cancellationToken)
    {
        if (await admitted.TakeTokensAsync(request.Features.InputTokens, request.MaxOutputTokens, request.Choices, cancellationToken).ConfigureAwait(false) is { } refusal)
        {
            throw new ApiException(AdmissionErrors.Refused(refusal));
        }
    }

    private static void WriteHeaders(HttpResponse response, RoutedCall call)
    {
        response.StatusCode = call.Status;
        response.ContentType = call.ContentType;
        foreach (var (name, value) in call.Headers)
        {
            response.Headers[name] = value;
        }

        DecisionHeaders.Write(response, call.Decision, call.ServedArm, call.Attempts);
    }

    /// <summary>A plain answer is one part: headers, body and end leave together when the handler returns.</summary>
    private static async Task WriteAsync(HttpContext context, RoutedCall call)
    {
        await foreach (var part in call.ReadAsync(context.RequestAborted).ConfigureAwait(false))
        {
            context.Response.BodyWriter.Write(part.Span);
        }
    }
}
