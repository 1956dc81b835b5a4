/** Paths are lower case and without the indices of lists: `gen_ai.prompt.0.content` is `gen_ai.prompt.content`. */
function paths(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}

/** Whatever was given: all below is content, whatever it is called. */
export const DATA = paths(`
  gen_ai.tool.call.arguments gen_ai.tool.call.result gen_ai.tool.args gen_ai.tool.arguments gen_ai.tool.input
  gen_ai.tool.output gen_ai.tool.result gen_ai.tool.response gen_ai.retrieval.query.text gen_ai.evaluation.explanation
  traceloop.entity.input traceloop.entity.output traceloop.prompt.template_variables
  llm.prompt_template.variables llm.function_call input.value output.value tool.parameters tool.json_schema
  tool_call.function.arguments reranker.query embedding.text embedding.vector
  ai.toolcall.args ai.toolcall.input ai.toolcall.result ai.toolcall.output ai.response.object ai.result.object
  ai.value ai.values ai.embedding ai.embeddings ai.request.body ai.response.body
  langfuse.observation.input langfuse.observation.output langfuse.trace.input langfuse.trace.output
  langsmith.inputs langsmith.outputs langsmith.run.inputs langsmith.run.outputs
  mlflow.spaninputs mlflow.spanoutputs mlflow.traceinputs mlflow.traceoutputs
  gcp.vertex.agent.llm_request gcp.vertex.agent.llm_response gcp.vertex.agent.tool_call_args
  gcp.vertex.agent.tool_response gcp.vertex.agent.data
  lk.chat_ctx lk.user_input lk.input_text lk.user_transcript lk.instructions lk.response.text
  lk.response.function_calls lk.function_tool.arguments lk.function_tool.output lk.tts_text lk.stt_text
  mcp.params mcp.request.params mcp.request.arguments mcp.request.argument mcp.tool.arguments mcp.tool.args
  mcp.tool.result mcp.response.value mcp.response.result mcp.resource.content mcp.result
  tool_input tool_output tool_result tool_parameters tool_arguments tool_response tool_args function_args
  genkit.input genkit.output haystack.component.input haystack.component.output haystack.pipeline.input_data
  haystack.pipeline.output_data
  http.request.form http.form rpc.request.params rpc.jsonrpc.params rpc.request.message rpc.response.message
  grpc.request.content grpc.response.content graphql.variables faas.event aws.lambda.event
`);

/** Messages, documents and the like: below are roles, ids and reasons too, which are not content. */
export const MESSAGES = paths(`
  gen_ai.input.messages gen_ai.output.messages gen_ai.input_messages gen_ai.output_messages gen_ai.system_instructions
  gen_ai.tool.definitions gen_ai.retrieval.documents gen_ai.prompt gen_ai.completion gen_ai.content
  gen_ai.event.content gen_ai.request.messages gen_ai.request.available_tools gen_ai.response.text
  gen_ai.response.tool_calls gen_ai.response.object gen_ai.embeddings.input gen_ai.tool_calls gen_ai.system.message
  gen_ai.user.message gen_ai.assistant.message gen_ai.tool.message gen_ai.choice
  traceloop.prompt.template
  llm.input_messages llm.output_messages llm.prompts llm.completions llm.choices llm.prompt_template llm.tools
  llm.request.functions message.content message.contents message.tool_calls message.function_call_arguments_json
  message_content audio.transcript
  retrieval.documents document.content document.metadata reranker.input_documents reranker.output_documents
  embedding.embeddings
  ai.prompt ai.response.text ai.response.toolcalls ai.response.reasoning ai.response.files ai.response.sources
  ai.result ai.documents ai.input_messages ai.responses ai.texts ai.tool_calls ai.preamble
  pydantic_ai.all_messages all_messages all_messages_events model_request_parameters
  mlflow.chat.messages mlflow.chat.tools
  gen_ai.agent.actual_output gen_ai.agent.human_input gen_ai.agent.instructions
  spring.ai.chat.client.user.text spring.ai.chat.client.user.params spring.ai.chat.client.system.text
  spring.ai.chat.client.system.params spring.ai.vectorstore.query.content db.vector.query.content
  spring.ai.tool.call.arguments spring.ai.tool.call.result
  db.query.result.document db.query.result.metadata db.query.embeddings.vector
  user_prompt system_prompt prompt_text input_messages output_messages chat_history system_instructions request_text
  response_text messages.content prompt.content completion.content input.messages input.text output.messages
  output.text
`);

/** Content as the whole key; other things are below: `input.mime_type`, `events.count`. */
export const ALONE = paths(`
  prompt prompts completion messages inputs outputs input output events final_result request_data response_data body
  payload
`);

/** Ends of keys that say something of a message without telling it. */
export const ABOUT_MESSAGE = paths(`
  role finish_reason finishreason stop_reason id name type mime_type index score tool_call_id version version_hash key
  size length count format ref hash language detail truncated toolchoice msfirstchunk provider model url_type
`);

/** Where keys that nobody listed are content when their last word says so. */
export const LLM_ROOTS = paths(`
  gen_ai llm ai traceloop langfuse langsmith mlflow pydantic_ai lk mcp openlit crewai autogen haystack claude_code
  gemini_cli codex genkit agno dspy smolagents strands voltagent openai anthropic semantic_kernel
`);
export const LLM_WORDS = paths(`
  input inputs output outputs message messages content contents text texts arguments args result results prompt prompts
  completion completions instruction instructions query queries document documents explanation reasoning thinking
  thought thoughts transcript body answer question history examples
`);
/** Numbers and labels that end like content: `llm.token_count.prompt`. */
export const LLM_NUMBERS = paths(`
  usage token_count token tokens cost price latency duration count limit metadata settings properties error exception
  status metrics metric
`);

/** Events whose attributes and body are content but for what is known not to be. */
export const EVENTS = paths(`
  gen_ai.choice gen_ai.client.inference.operation.details gen_ai.content.prompt gen_ai.content.completion
  gen_ai.content.reasoning gen_ai.system_instructions user_prompt claude_code.user_prompt claude_code.tool_result
  claude_code.api_request_body claude_code.api_response_body gemini_cli.user_prompt gemini_cli.tool_call
  gemini_cli.api_response codex.user_prompt codex.tool_result qwen-code.user_prompt new_token
`);

/** Attributes without a namespace that are not content, in such an event. */
export const ABOUT_EVENT = paths(`
  role id index finish_reason stop_reason type model prompt_length prompt_id tool_name function_name tool_use_id call_id
  success decision source duration_ms status status_code timestamp error_type level logger
`);
