using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using MetaLlm.Simulator.Faults;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Simulator.Http;

/// <summary>POST /v1/embeddings.</summary>
internal sealed class EmbeddingsEndpoint(SimulatorState world, CancellationToken stopping) : ModelEndpoint(world, stopping)
{
    protected override async Task<ApiError?> AnswerAsync(HttpContext context, CancellationToken cancellationToken)
    {
        EmbeddingsRequest request;
        try
        {
            using var body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: cancellationToken);
            request = EmbeddingsRequest.Read(body.RootElement);
        }
        catch (JsonException exception)
        {
            return ApiError.Malformed(exception.Message);
        }
        catch (FieldException exception)
        {
            return ApiError.Invalid(exception.Field, exception.Message);
        }

        if (World.Options.EmbeddingModels.FirstOrDefault(known => known.Name == request.Model) is not { } model)
        {
            return ApiError.ModelNotFound(request.Model);
        }

        if (request.Dimensions > model.Dimensions)
        {
            return ApiError.Invalid("dimensions", FormattableString.Invariant($"dimensions: {request.Dimensions} is outside 1 to {model.Dimensions}."));
        }

        if (!TryReadFault(context, out var forced))
        {
            return UnknownFault(context);
        }

        World.Stats.CountRequest(model.Name);
        return await ServeAsync(model.Name, forced, fault => SendAsync(context, request, model, fault, cancellationToken), cancellationToken);
    }

    private async Task SendAsync(HttpContext context, EmbeddingsRequest request, SimulatedEmbeddingModel model, FaultRule? fault, CancellationToken cancellationToken)
    {
        var pacer = new Pacer(World.Options.TimeProvider, World.Options.TimeScale);
        if (fault?.Kind == FaultKind.SlowFirstToken)
        {
            await pacer.WaitAsync(fault.Delay, cancellationToken);
        }

        await pacer.PassAsync(model.Latency, cancellationToken);
        var tokens = request.Inputs.Sum(input => input.Tokens);
        var body = Body(request, model, tokens);
        var sent = fault?.Kind switch
        {
            FaultKind.CutStream or FaultKind.MalformedJson => body[..(body.Length / 2)],
            FaultKind.GarbageLine => ServerSentEvents.Garbage,
            _ => body,
        };
        World.Stats.Bill(model, tokens, completed: fault is null or { Kind: FaultKind.SlowFirstToken });
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = fault?.Kind == FaultKind.CutStream ? body.Length : sent.Length;
        await context.Response.Body.WriteAsync(sent, cancellationToken);
        if (fault?.Kind == FaultKind.CutStream)
        {
            throw new ConnectionCutException();
        }
    }

    private ReadOnlyMemory<byte> Body(EmbeddingsRequest request, SimulatedEmbeddingModel model, int tokens)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("object", "list");
            writer.WriteStartArray("data");
            for (var i = 0; i < request.Inputs.Count; i++)
            {
                writer.WriteStartObject();
                writer.WriteString("object", "embedding");
                writer.WriteNumber("index", i);
                Write(writer, WordVectors.Of(World.Options.Seed, model, request.Inputs[i].Words, request.Dimensions ?? model.Dimensions), request.IsBase64);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteString("model", model.Name);
            writer.WriteStartObject("usage");
            writer.WriteNumber("prompt_tokens", tokens);
            writer.WriteNumber("total_tokens", tokens);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static void Write(Utf8JsonWriter writer, float[] vector, bool isBase64)
    {
        if (isBase64)
        {
            // Little-endian, as the machines are that this runs on.
            writer.WriteBase64String("embedding", MemoryMarshal.AsBytes(vector.AsSpan()));
            return;
        }

        writer.WriteStartArray("embedding");
        foreach (var number in vector)
        {
            writer.WriteNumberValue(number);
        }

        writer.WriteEndArray();
    }
}
