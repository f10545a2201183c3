using MetaLlm.Gateway.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MetaLlm.Gateway.Http;

/// <summary>
/// Maps endpoints with what HTTP wants besides: HEAD where GET is, what a URL takes as the answer to OPTIONS, and to every other method 405 with the same list. What lets pages of
/// other origins call is said elsewhere, see <see cref="CorsFilter"/>.
/// </summary>
internal static class MethodRoutes
{
    private const string Reading = "GET, HEAD, OPTIONS";
    private const string ReadingAndDeleting = "GET, HEAD, DELETE, OPTIONS";
    private const string ReadingAndWriting = "GET, HEAD, POST, OPTIONS";
    private const string Writing = "POST, OPTIONS";

    /// <summary>Maps what reads.</summary>
    /// <param name="group">Where it stands, with what is asked of its callers.</param>
    /// <param name="open">The same place without that: other methods are answered whoever sends them.</param>
    /// <param name="pattern">The pattern.</param>
    /// <param name="handler">What answers.</param>
    /// <param name="operation">What the API's description says of it.</param>
    public static void MapRead(this IEndpointRouteBuilder group, IEndpointRouteBuilder open, string pattern, Delegate handler, ApiOperation operation)
    {
        group.MapHandler(pattern, [HttpMethods.Get], handler).Describe(operation);
        group.MapHandler(pattern, [HttpMethods.Head], handler).ExcludeFromDescription();
        open.MapOthers(pattern, Reading);
    }

    /// <summary>As <see cref="MapRead"/>, for what may also be deleted.</summary>
    public static void MapReadAndDelete(
        this IEndpointRouteBuilder group, IEndpointRouteBuilder open, string pattern, Delegate read, ApiOperation reading, Delegate delete, ApiOperation deleting)
    {
        group.MapHandler(pattern, [HttpMethods.Get], read).Describe(reading);
        group.MapHandler(pattern, [HttpMethods.Head], read).ExcludeFromDescription();
        group.MapHandler(pattern, [HttpMethods.Delete], delete).Describe(deleting);
        open.MapOthers(pattern, ReadingAndDeleting);
    }

    /// <summary>As <see cref="MapRead"/>, for what may also be added to.</summary>
    public static void MapReadAndWrite(
        this IEndpointRouteBuilder group, IEndpointRouteBuilder open, string pattern, Delegate read, ApiOperation reading, Delegate write, ApiOperation writing)
    {
        group.MapHandler(pattern, [HttpMethods.Get], read).Describe(reading);
        group.MapHandler(pattern, [HttpMethods.Head], read).ExcludeFromDescription();
        group.MapHandler(pattern, [HttpMethods.Post], write).Describe(writing);
        open.MapOthers(pattern, ReadingAndWriting);
    }

    /// <summary>As <see cref="MapRead"/>, for what writes.</summary>
    public static void MapWrite(this IEndpointRouteBuilder group, IEndpointRouteBuilder open, string pattern, Delegate handler, ApiOperation operation)
    {
        group.MapHandler(pattern, [HttpMethods.Post], handler).Describe(operation);
        open.MapOthers(pattern, Writing);
    }

    /// <summary>Answers the methods that nothing else of the pattern takes, where what does read is mapped already.</summary>
    public static void MapOtherThanRead(this IEndpointRouteBuilder group, string pattern) => group.MapOthers(pattern, Reading);

    /// <summary>Answers the methods that nothing else of the pattern takes.</summary>
    /// <param name="group">Where the pattern stands.</param>
    /// <param name="pattern">The pattern.</param>
    /// <param name="allowed">What it takes, for the header <c>Allow</c>.</param>
    public static void MapOthers(this IEndpointRouteBuilder group, string pattern, string allowed)
    {
        Task AnswerAsync(HttpContext context)
        {
            context.Response.Headers.Allow = allowed;
            if (HttpMethods.IsOptions(context.Request.Method))
            {
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                return Task.CompletedTask;
            }

            return new ApiError(ErrorCode.MethodNotAllowed, $"{context.Request.Path} takes {allowed}, and not {context.Request.Method}.").WriteAsync(context);
        }

        group.MapHandler(pattern, null, (RequestDelegate)AnswerAsync).AllowAnonymous().ExcludeFromDescription();
    }
}
