using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Chat;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Guardrails;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.RequestLog;
using MetaLlm.Gateway.Surfaces;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Screening;

/// <summary>Looks at the texts of one call, as chat completions, whatever format its client speaks. One caller at a time.</summary>
internal sealed class CallScreen(HttpContext context, GuardrailChecks guardrails, RequestLogQueue log, CallRecord? record, ICallWatcher[] watchers, TimeProvider time)
{
    private readonly TenantSettings _tenant = context.Tenant();
    private readonly long _started = time.GetTimestamp();

    /// <summary>Has guardrails look at a request before anything is decided.</summary>
    /// <returns>The request, with other texts where a guardrail wants them.</returns>
    /// <exception cref="ApiException">It is blocked, or a guardrail that must look could not.</exception>
    public async ValueTask<SurfaceRequest> AdmitAsync(ISurface surface, SurfaceRequest asked)
    {
        var admitted = await LookAsync(surface, asked).ConfigureAwait(false);
        return watchers.Aggregate(admitted, static (request, watcher) => watcher.Admit(request));
    }

    private async ValueTask<SurfaceRequest> LookAsync(ISurface surface, SurfaceRequest asked)
    {
        var seesTexts = record is not null || _tenant.Guardrails is { Request.Count: > 0 } or { Answer.Count: > 0 };
        if (seesTexts && asked.Payload.Native is { IsRequired: true })
        {
            throw new ApiException(ErrorCode.InvalidValue, "The request has what only its own format has, such as servers that the provider calls; the tenant's guardrails and its request log read chat alone.");
        }

        if (seesTexts || watchers.Any(watcher => watcher.Reads(asked)))
        {
            // A payload of chat alone: texts in another format would not be seen, and the client's own body may hold more than its translation.
            asked = asked with { Payload = OfChat(asked.Payload, asked.Payload.Body) };
        }

        Note(asked);
        if (_tenant.Guardrails.Request.Count == 0)
        {
            return asked;
        }

        var root = (JsonObject)JsonNode.Parse(asked.Payload.Body.Span)!;
        RefuseTokens(root, asked.Payload.Kind);
        var texts = new JoinedTexts();
        foreach (var slot in TextSlots.OfRequest(root, asked.Payload.Kind))
        {
            texts.Add(slot);
        }

        if (texts.IsEmpty)
        {
            return asked;
        }

        var content = new GuardedContent { Tenant = _tenant.Id, Stage = GuardrailStage.Request, Texts = texts.ToTexts() };
        if (await guardrails.CheckAsync(_tenant.Guardrails.Request, content, canReplace: true, context.RequestAborted).ConfigureAwait(false) is not { } replaced)
        {
            return asked;
        }

        texts.Replace(replaced);
        asked = await ReadAgainAsync(surface, asked, GuardedAnswer.Write(root)).ConfigureAwait(false);
        Note(asked);
        return asked;
    }

    /// <summary>A decision was made.</summary>
    public void Decided(DecisionRecord decision)
    {
        if (record is not null)
        {
            record.DecisionId = decision.DecisionId;
        }

        foreach (var watcher in watchers)
        {
            watcher.Decided(decision);
        }
    }

    /// <summary>Reads an answer; guardrails look at it before it is handed out, or while it is, as the tenant says.</summary>
    /// <exception cref="ApiException">It is blocked, or a guardrail that must look could not.</exception>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(RoutedCall call, ChatPayload payload, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (record is not null)
        {
            record.Model = call.ServedArm;
        }

        foreach (var watcher in watchers)
        {
            watcher.Answers(call.ServedArm);
        }

        var isGuarded = _tenant.Guardrails.Answer.Count > 0 && payload.Kind != CallKind.Embeddings;
        await foreach (var part in (isGuarded ? GuardAsync(call, payload.Stream, cancellationToken) : call.ReadAsync(cancellationToken)).ConfigureAwait(false))
        {
            record?.Add(part.Span);
            foreach (var watcher in watchers)
            {
                watcher.Add(part.Span);
            }

            yield return part;
        }
    }

    /// <summary>The call has ended. An answer from memory was none, and is not recorded.</summary>
    /// <param name="error">Why it has no whole answer; null where it has.</param>
    public void End(Exception? error)
    {
        foreach (var watcher in error is null ? watchers : [])
        {
            watcher.Offer();
        }

        if (record is not null && !context.Response.Headers.ContainsKey(MetaLlmHeaders.Similarity))
        {
            var told = error is null ? null : ErrorMapping.From(error);
            record.Status = error is null ? context.Response.StatusCode
                : error is OperationCanceledException || context.RequestAborted.IsCancellationRequested ? StatusCodes.Status499ClientClosedRequest
                : told?.Status ?? StatusCodes.Status500InternalServerError;
            record.Error = error is null || record.Status == StatusCodes.Status499ClientClosedRequest ? null : (told?.Code ?? ErrorCode.InternalError).Name;
            record.Elapsed = time.GetElapsedTime(_started);
            log.Offer(record);
        }
    }

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> GuardAsync(RoutedCall call, bool isStream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (settings, answer, looked) = (_tenant.Guardrails, new GuardedAnswer(isStream), 0L);
        var mode = isStream ? settings.Stream : GuardedStreams.Hold;
        await foreach (var part in call.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            var passes = mode == GuardedStreams.Afterwards && !GuardedAnswer.HasEnd(part);
            answer.Add(part, isHeld: !passes);
            if (passes)
            {
                yield return part;
            }
            else if (mode == GuardedStreams.Chunks && !answer.HasEnded && answer.Texts.Length - looked >= settings.ChunkCharacters)
            {
                looked = answer.Texts.Length;
                await LookAsync(call, answer, isPartial: true, canReplace: false, cancellationToken).ConfigureAwait(false);
                foreach (var held in answer.Release(null))
                {
                    yield return held;
                }
            }
        }

        var replaced = await LookAsync(call, answer, isPartial: false, canReplace: mode == GuardedStreams.Hold, cancellationToken).ConfigureAwait(false);
        foreach (var held in answer.Release(replaced))
        {
            yield return held;
        }
    }

    private async ValueTask<IReadOnlyList<string>?> LookAsync(RoutedCall call, GuardedAnswer answer, bool isPartial, bool canReplace, CancellationToken cancellationToken)
    {
        if (answer.Texts.IsEmpty)
        {
            return null;
        }

        var texts = answer.Texts.ToTexts();
        var content = new GuardedContent
        {
            Tenant = _tenant.Id, Stage = GuardrailStage.Answer, Texts = texts, Model = call.ServedArm, DecisionId = call.Decision.DecisionId, IsPartial = isPartial,
        };
        try
        {
            return await guardrails.CheckAsync(_tenant.Guardrails.Answer, content, canReplace, cancellationToken).ConfigureAwait(false);
        }
        catch (ApiException)
        {
            if (record is not null)
            {
                record.Blocked = texts;
            }

            throw;
        }
    }

    private void Note(SurfaceRequest asked)
    {
        if (record is not null)
        {
            (record.Request, record.Kind, record.IsStream) = (asked.Payload.Body, asked.Payload.Kind, asked.Payload.Stream);
        }
    }

    /// <summary>Reads what routing needs off the new texts. Which conversation it is stays as the client's own texts say.</summary>
    private async ValueTask<SurfaceRequest> ReadAgainAsync(ISurface surface, SurfaceRequest asked, byte[] body)
    {
        if (asked.Payload.Kind != CallKind.Chat)
        {
            return await surface.ReadAsync(context, body).ConfigureAwait(false);
        }

        using var document = JsonDocument.Parse(body);
        var again = ChatRequestReader.Read(document.RootElement, context.Request.Headers, _tenant, context.CallerKey().OfDirectory);
        var chat = asked.Chat with
        {
            Query = again.Query, Expected = again.Expected, Route = asked.Chat.Route with { Features = again.Route.Features, InputTokensBound = again.Route.InputTokensBound },
        };

        return asked with { Chat = chat, Payload = OfChat(asked.Payload, body) };
    }

    /// <summary>A payload of its own: what another holds beside its body still says what the client wrote, or asks for answers in other formats.</summary>
    private ChatPayload OfChat(ChatPayload payload, ReadOnlyMemory<byte> body) =>
        new(body, payload.Stream) { Kind = payload.Kind, Screen = _tenant.Guardrails.Request.Count > 0 ? ScreenOf(guardrails, _tenant) : null };

    /// <summary>
    /// Looks at what a retriever found: it stands in the prompt, so that whoever looks at requests looks at it too. Calls of shadows and judges outlive the client's, of which it keeps nothing.
    /// </summary>
    private static Func<string, CancellationToken, ValueTask<string>> ScreenOf(GuardrailChecks guardrails, TenantSettings tenant) => async (text, cancellationToken) =>
    {
        var content = new GuardedContent { Tenant = tenant.Id, Stage = GuardrailStage.Request, Texts = [new GuardedText("retrieved", TextSlots.Content, text)] };
        return await guardrails.CheckAsync(tenant.Guardrails.Request, content, canReplace: true, cancellationToken).ConfigureAwait(false) is { } replaced ? replaced[0] : text;
    };

    private static void RefuseTokens(JsonObject root, CallKind kind)
    {
        var member = kind switch
        {
            CallKind.Embeddings => "input",
            CallKind.Completions => "prompt",
            _ => null,
        };
        if (member is not null && TextSlots.HasTokens(root, member))
        {
            throw ApiException.BadField(member, "holds tokens, which the tenant's guardrails cannot read; it must be a text or a list of texts.");
        }
    }
}
